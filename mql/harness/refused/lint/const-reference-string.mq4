// refused 4: pass simple types by value: `const string name`
#property strict

void F(const string &name) { }

void OnTick()
{
}

// refused 4: `Print` is a function of the terminal
#property strict

void Print(const string text) { }

void OnTick()
{
}

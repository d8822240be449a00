// refused 4: is a name of the translation
#property strict

int text(const int x) { return x; }

void OnTick()
{
}

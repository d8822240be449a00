// refused 3: is a word of the language
#property strict
#define double 1

void OnTick()
{
}

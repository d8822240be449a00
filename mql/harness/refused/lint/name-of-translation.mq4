// refused 4: is a name of the translation
#property strict

int Array = 1;

void OnTick()
{
}

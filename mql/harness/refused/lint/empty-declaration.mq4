// refused 4: a `;` without a declaration
#property strict

int F() { return 1; };

void OnTick()
{
}

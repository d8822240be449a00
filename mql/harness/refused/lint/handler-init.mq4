// refused 4: the terminal calls `int OnInit()`
#property strict

void OnInit()
{
}

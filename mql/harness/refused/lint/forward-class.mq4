// refused 4: declared once
#property strict

class CThing;

void OnTick()
{
}

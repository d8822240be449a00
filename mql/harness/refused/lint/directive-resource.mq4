// refused 3: `#resource` is not part of our MQL: we ship sources only
#property strict
#resource "icon.bmp"

void OnTick()
{
}

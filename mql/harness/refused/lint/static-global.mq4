// refused 4: `static` stands inside functions only
#property strict

static int count = 0;

void OnTick()
{
}

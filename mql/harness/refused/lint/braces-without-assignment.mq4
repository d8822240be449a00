// refused 4: braces stand after `=`
#property strict

int x{0};

void OnTick()
{
}

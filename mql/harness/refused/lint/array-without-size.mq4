// refused 4: states its size
#property strict

int values[] = {1, 2};

void OnTick()
{
}

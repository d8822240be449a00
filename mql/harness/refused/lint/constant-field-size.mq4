// refused 7: `SIZE` is a variable
#property strict

const int SIZE = 4;
class CThing
{
   int m_values[SIZE];
};

void OnTick()
{
}

// refused 6: `friend` is not part of our MQL
#property strict

class CThing
{
   friend class COther;
};

void OnTick()
{
}

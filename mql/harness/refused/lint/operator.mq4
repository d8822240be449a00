// refused 7: `operator` is not part of our MQL
#property strict

class CThing
{
public:
   bool operator==(const CThing &other) { return true; }
};

void OnTick()
{
}

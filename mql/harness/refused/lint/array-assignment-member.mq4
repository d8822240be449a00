// refused 14: use ArrayCopy
#property strict

class CThing
{
private:
   uchar m_bytes[];
public:
   void Set(const uchar &bytes[]);
};

void CThing::Set(const uchar &bytes[])
{
   m_bytes = bytes;
}

void OnTick()
{
}

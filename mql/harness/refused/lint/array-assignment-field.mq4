// refused 8: use ArrayCopy
#property strict

struct Reply { uchar bytes[]; };

void F(Reply &reply, const uchar &bytes[])
{
   reply.bytes = bytes;
}

void OnTick()
{
}

// refused 3: `#pragma` is not part of our MQL: leave it out
#property strict
#pragma once

void OnTick()
{
}

// refused 7: switch quantity not an integer
#property strict

void OnTick()
  {
   const string word = "up";
   switch(word)
     {
      default:
        {
         Print(word);
        }
     }
  }

// refused 0: the program has no OnInit
#property strict

int Twice(const int x) { return x + x; }

// refused 4: the comment has no `*/`
#property strict

/* no end

void OnTick()
{
}

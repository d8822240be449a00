// What a translated program includes, and all it includes.
#pragma once

#if defined(__MQL4__) == defined(__MQL5__)
#error "the dialect is given by one of -D__MQL4__ and -D__MQL5__"
#endif

#include "api.h"
#ifdef __MQL4__
#include "api4.h"
#else
#include "api5.h"
#endif
#include "inputs.h"
#include "program.h"
#include "templates.h"

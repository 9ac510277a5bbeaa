// Expat: the XML in a workbook. Only the Spreadsheets module imports this.
#ifndef ONUS_EXPAT_SHIM_H
#define ONUS_EXPAT_SHIM_H

#include <expat.h>

#endif

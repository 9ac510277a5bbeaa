// Minizip: the archive that a workbook is. Only the Spreadsheets module imports this.
#ifndef ONUS_MINIZIP_SHIM_H
#define ONUS_MINIZIP_SHIM_H

#include <unzip.h>

#endif

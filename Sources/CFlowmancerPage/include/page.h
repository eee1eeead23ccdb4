// The files of the dashboard's page, as they are in the source tree.
#pragma once

#include <stddef.h>

typedef struct {
    const char *_Nonnull name;
    const unsigned char *_Nonnull bytes;
    size_t size;
} flowmancer_page_file;

// All files.
const flowmancer_page_file *_Nonnull flowmancer_page(size_t *_Nonnull count);

// The file in which a command leaves what it publishes. It is in memory and has no name that would outlive it, so nothing has
// to be removed, whatever happens.
#pragma once

#include <stddef.h>

struct flowmancer_output_file {
    // -1 if there is none.
    int descriptor;
    // FLOWMANCER_OUTPUT with its path; without a value if there is none.
    char variable[64];
};

struct flowmancer_outputs {
    // NULL if there are none, or too many to be kept.
    char *bytes;
    size_t size;
};

// Makes sure that there is a file. It is empty.
void flowmancer_output_file_prepare(struct flowmancer_output_file *file);

// Takes out what a command left. The next command gets another file.
struct flowmancer_outputs flowmancer_output_file_take(struct flowmancer_output_file *file);

void flowmancer_outputs_release(struct flowmancer_outputs outputs);

// What a process is when the program begins, and whether it is still like that.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

// Descriptors with higher numbers are taken for later ones.
enum { KNOWN_DESCRIPTORS = 256 };
static bool was_open[KNOWN_DESCRIPTORS];
static const char *program_name = "flow-worker";

// Calls `handle` for every number that names an entry of a directory in /proc, but that of the listing itself. Returns
// false if the directory cannot be read.
static bool for_each_number(const char *path, void (*handle)(int number, void *context), void *context) {
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return false;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int number = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && number != dirfd(directory)) {
            handle(number, context);
        }
    }
    closedir(directory);
    return true;
}

static void note(int number, void *context) {
    (void)context;
    if (number < KNOWN_DESCRIPTORS) {
        was_open[number] = true;
    }
}

static void compare(int number, void *context) {
    bool *is_known = context;
    // In a zygote, the socket to the keeper.
    bool is_own = flowmancer_is_zygote() && number == FLOWMANCER_SOCKET;
    *is_known &= is_own || (number < KNOWN_DESCRIPTORS && was_open[number]);
}

static void count(int number, void *context) {
    (void)number;
    *(int *)context += 1;
}

void flowmancer_note_beginning(char **arguments) {
    flowmancer_save_arguments(arguments);
    if (arguments != NULL && arguments[0] != NULL) {
        const char *slash = strrchr(arguments[0], '/');
        program_name = slash != NULL ? slash + 1 : arguments[0];
    }
    flowmancer_note_open();
}

void flowmancer_note_open(void) {
    memset(was_open, 0, sizeof was_open);
    for_each_number("/proc/self/fd", note, NULL);
}

const char *flowmancer_program_name(void) {
    return program_name;
}

bool flowmancer_is_pristine(void) {
    bool is_known = true;
    int threads = 0;
    return for_each_number("/proc/self/fd", compare, &is_known) && is_known
        && for_each_number("/proc/self/task", count, &threads) && threads == 1;
}

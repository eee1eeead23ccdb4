// What an attempt may change of its process, and the next one must not notice.
#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static bool is_noted;
static mode_t mask;

// MARK: Directory

// Its number is so high that hardly anything else gets it if a task closes it. A table of descriptors has room for 64 at
// first; a process with threads waits for many milliseconds when it grows.
enum { DIRECTORY_DESCRIPTOR = 60 };
static int directory = -1;
static char *directory_path;

static void note_directory(void) {
    int opened = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    directory = fcntl(opened, F_DUPFD_CLOEXEC, DIRECTORY_DESCRIPTOR);
    if (directory >= 0) {
        close(opened);
    } else {
        directory = opened;
    }
    directory_path = getcwd(NULL, 0);
}

static int restore_directory(void) {
    // A task may have closed the descriptor.
    bool is_restored = fchdir(directory) == 0 || (directory_path != NULL && chdir(directory_path) == 0);
    return is_restored ? 0 : errno;
}

// MARK: Environment

// The variables as they were, and the copies that an attempt gets once one before it has changed something.
static size_t count, length;
static char *texts, *given_texts;
static size_t *offsets;
// The array that is in use while nothing is changed, and what is in it.
static char **array, **given_array;
static char **pointers;

static void note_environment(void) {
    while (environ[count] != NULL) {
        length += strlen(environ[count]) + 1;
        count += 1;
    }
    texts = malloc(length + 1);
    given_texts = malloc(length + 1);
    offsets = malloc((count + 1) * sizeof *offsets);
    given_array = malloc((count + 1) * sizeof *given_array);
    pointers = malloc((count + 1) * sizeof *pointers);
    if (texts == NULL || given_texts == NULL || offsets == NULL || given_array == NULL || pointers == NULL) {
        // Out of memory, as the attempt will be, too.
        array = NULL;
        return;
    }
    char *end = texts;
    for (size_t index = 0; index < count; index += 1) {
        offsets[index] = (size_t)(end - texts);
        end = stpcpy(end, environ[index]) + 1;
    }
    array = environ;
    memcpy(pointers, environ, (count + 1) * sizeof *pointers);
}

static bool is_environment_unchanged(void) {
    if (environ != array || memcmp(environ, pointers, (count + 1) * sizeof *pointers) != 0) {
        return false;
    }
    for (size_t index = 0; index < count; index += 1) {
        if (strcmp(environ[index], texts + offsets[index]) != 0) {
            return false;
        }
    }
    return true;
}

static void restore_environment(void) {
    if (array == NULL || is_environment_unchanged()) {
        return;
    }
    // Always the same array and texts: attempts that change something again and again use no memory up.
    memcpy(given_texts, texts, length);
    for (size_t index = 0; index < count; index += 1) {
        given_array[index] = given_texts + offsets[index];
    }
    given_array[count] = NULL;
    memcpy(pointers, given_array, (count + 1) * sizeof *pointers);
    array = given_array;
    environ = given_array;
}

int flowmancer_settle(void) {
    if (!is_noted) {
        is_noted = true;
        umask(mask = umask(0));
        flowmancer_note_present_threads();
        note_directory();
        if (environ != NULL) {
            note_environment();
        }
        return 0;
    }
    umask(mask);
    restore_environment();
    return restore_directory();
}

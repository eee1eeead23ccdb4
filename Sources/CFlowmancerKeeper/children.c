// The children of a worker's main thread.
#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Reads a whole file, whose end has a zero; NULL if that is not possible.
static char *read_file(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return NULL;
    }
    size_t capacity = 4096, size = 0;
    char *text = malloc(capacity);
    ssize_t count = 0;
    while (text != NULL && ((count = read(file, text + size, capacity - size - 1)) > 0 || (count < 0 && errno == EINTR))) {
        size += count > 0 ? (size_t)count : 0;
        if (size + 1 == capacity) {
            capacity *= 2;
            char *larger = realloc(text, capacity);
            if (larger == NULL) {
                free(text);
            }
            text = larger;
        }
    }
    close(file);
    if (text != NULL && count < 0) {
        free(text);
        return NULL;
    }
    if (text != NULL) {
        text[size] = 0;
    }
    return text;
}

// The list may lack a child if another one is collected while it is read: two readings that agree lack none.
static char *read_list(void) {
    enum { TRIES = 4 };
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    char *text = read_file(path);
    for (int tries = 0; text != NULL && tries < TRIES; tries += 1) {
        char *again = read_file(path);
        bool is_same = again != NULL && strcmp(text, again) == 0;
        free(text);
        if (is_same) {
            return again;
        }
        text = again;
    }
    free(text);
    return NULL;
}

ptrdiff_t flowmancer_main_children(pid_t *children, size_t capacity) {
    char *text = read_list();
    if (text == NULL) {
        return -1;
    }
    size_t count = 0;
    char *rest = text;
    for (char *end;; rest = end) {
        long number = strtol(rest, &end, 10);
        if (end == rest) {
            break;
        }
        if (count < capacity) {
            children[count] = (pid_t)number;
        }
        count += 1;
    }
    free(text);
    return (ptrdiff_t)count;
}

bool flowmancer_collect(pid_t child) {
    return waitpid(child, NULL, WNOHANG) == child;
}

// What dead workers leave behind.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Reads the parent and the state of a process; false if there is no such process.
static bool read_stat(const char *pid, pid_t *parent, char *state) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0) {
        return false;
    }
    text[length] = 0;
    // The command may hold blanks and parentheses: count from its end.
    char *end = strrchr(text, ')');
    return end != NULL && sscanf(end + 1, " %c %d", state, parent) == 2;
}

// Kills a child of this process, unless it is kept or dead. Returns whether it was one to kill; those that this
// user may not kill (a program of another user's) do not count.
static bool kill_orphan(pid_t pid, bool (*is_kept)(pid_t)) {
    char name[16];
    pid_t parent;
    char state;
    snprintf(name, sizeof name, "%d", pid);
    return !is_kept(pid) && read_stat(name, &parent, &state) && parent == getpid() && state != 'Z'
        && kill(pid, SIGKILL) == 0;
}

bool flowmancer_kill_orphans(bool (*is_kept)(pid_t)) {
    bool found = false;
    // Its only thread is the parent of all.
    FILE *children = fopen("/proc/thread-self/children", "re");
    if (children != NULL) {
        for (pid_t pid; fscanf(children, "%d", &pid) == 1;) {
            found |= kill_orphan(pid, is_kept);
        }
        fclose(children);
        return found;
    }
    // Not every kernel has that list.
    DIR *directory = opendir("/proc");
    if (directory == NULL) {
        return true; // Out of descriptors or memory: there may be some.
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (isdigit((unsigned char)entry->d_name[0])) {
            found |= kill_orphan((pid_t)atoi(entry->d_name), is_kept);
        }
    }
    closedir(directory);
    return found;
}

// The directory that a command starts in, and its name.
#define _GNU_SOURCE
#include "command_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_same_directory(const struct stat *first, const struct stat *second) {
    return first->st_dev == second->st_dev && first->st_ino == second->st_ino;
}

// Whether a path has a step like that.
static bool has_step(const char *path, const char *step) {
    size_t length = strlen(step);
    for (const char *start = path; start != NULL; start = strchr(start, '/')) {
        start += *start == '/';
        if (strncmp(start, step, length) == 0 && (start[length] == '/' || start[length] == 0)) {
            return true;
        }
    }
    return false;
}

const char *flowmancer_app_root(char *buffer, size_t size) {
    const char *name = getenv("PWD");
    struct stat named, present;
    if (name != NULL && name[0] == '/' && !has_step(name, ".") && !has_step(name, "..") && stat(name, &named) == 0
        && stat(".", &present) == 0 && is_same_directory(&named, &present)) {
        return name;
    }
    return getcwd(buffer, size) != NULL ? buffer : ".";
}

// Takes steps that go nowhere or back out of an absolute path, as it reads.
static void simplify(char *path) {
    char *end = path;
    for (const char *rest = path; *rest != 0;) {
        rest += strspn(rest, "/");
        size_t length = strcspn(rest, "/");
        if (length == 2 && rest[0] == '.' && rest[1] == '.') {
            while (end > path && *--end != '/') {
            }
        } else if (length > 0 && !(length == 1 && rest[0] == '.')) {
            *end = '/';
            memmove(end + 1, rest, length);
            end += length + 1;
        }
        rest += length;
    }
    if (end == path) {
        *end = '/';
        end += 1;
    }
    *end = 0;
}

const char *flowmancer_command_directory_name(
    int directory, const char *path, const char *app_root, struct flowmancer_arena *arena) {
    size_t length = strlen(app_root) + strlen(path) + 2;
    char *name = flowmancer_arena_take(arena, length > PATH_MAX ? length : PATH_MAX);
    snprintf(name, length, "%s%s%s", path[0] == '/' ? "" : app_root, path[0] == '/' ? "" : "/", path);
    simplify(name);
    struct stat named, opened;
    // Behind a symbolic link, '..' is another directory than the text says.
    if (!has_step(path, "..")
        || (stat(name, &named) == 0 && fstat(directory, &opened) == 0 && is_same_directory(&named, &opened))) {
        return name;
    }
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t count = readlink(link, name, PATH_MAX - 1);
    if (count > 0) {
        name[count] = 0;
    }
    return name;
}

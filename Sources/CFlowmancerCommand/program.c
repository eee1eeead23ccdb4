// The program of a command: where it is, and why it cannot be executed.
#define _GNU_SOURCE
#include "command_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Where programs are looked for if there is no `PATH`.
static const char default_search_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static bool is_kind(const char *path, int directory, mode_t kind) {
    struct stat status;
    return fstatat(directory, path, &status, 0) == 0 && (status.st_mode & S_IFMT) == kind;
}

static bool is_executable(const char *path, int directory) {
    return faccessat(directory, path, X_OK, 0) == 0;
}

const char *flowmancer_command_find(
    const char *name,
    char **environment,
    int directory,
    struct flowmancer_arena *arena,
    struct flowmancer_command_failure *failure) {
    if (strchr(name, '/') != NULL) {
        return name;
    }
    const char *search_path = flowmancer_command_variable(environment, "PATH");
    search_path = search_path != NULL ? search_path : default_search_path;
    *failure = (struct flowmancer_command_failure){FLOWMANCER_COMMAND_NOT_FOUND, ENOENT, name, search_path};
    // Paths that are longer lead nowhere.
    char *candidate = flowmancer_arena_take(arena, PATH_MAX);
    size_t name_length = strlen(name);
    for (const char *folder = search_path;; folder += 1) {
        size_t length = strcspn(folder, ":");
        const char *start = length > 0 ? folder : ".";
        size_t start_length = length > 0 ? length : 1;
        if (start_length + name_length + 2 <= PATH_MAX) {
            char *end = mempcpy(candidate, start, start_length);
            *end = '/';
            strcpy(end + 1, name);
            if (is_kind(candidate, directory, S_IFREG)) {
                if (is_executable(candidate, directory)) {
                    return candidate;
                }
                if (failure->problem == FLOWMANCER_COMMAND_NOT_FOUND) {
                    // The first one is told of, and the search goes on.
                    failure->problem = FLOWMANCER_COMMAND_NOT_EXECUTABLE;
                    failure->subject = candidate;
                    candidate = flowmancer_arena_take(arena, PATH_MAX);
                }
            }
        }
        folder += length;
        if (*folder == 0) {
            return NULL;
        }
    }
}

// Reads what a script begins with: the line that says what runs it.
static const char *first_line(const char *path, int directory, struct flowmancer_arena *arena) {
    enum { SHOWN = 128 };
    char *line = flowmancer_arena_take(arena, SHOWN + 1);
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t count = file >= 0 ? read(file, line, SHOWN) : 0;
    close(file);
    line[count > 0 ? count : 0] = 0;
    line[strcspn(line, "\n")] = 0;
    return strncmp(line, "#!", 2) == 0 ? line : "";
}

void flowmancer_command_explain(
    const char *path,
    int reason,
    int directory,
    struct flowmancer_arena *arena,
    struct flowmancer_command_failure *failure) {
    *failure = (struct flowmancer_command_failure){FLOWMANCER_COMMAND_REFUSED, reason, path, NULL};
    bool is_file = is_kind(path, directory, S_IFREG);
    if (reason == EACCES && is_file && !is_executable(path, directory)) {
        failure->problem = FLOWMANCER_COMMAND_NOT_EXECUTABLE;
    } else if (reason == EACCES && is_kind(path, directory, S_IFDIR)) {
        failure->problem = FLOWMANCER_COMMAND_IS_DIRECTORY;
    } else if (reason == ENOENT && is_file) {
        failure->problem = FLOWMANCER_COMMAND_MISSING_INTERPRETER;
        failure->detail = first_line(path, directory, arena);
    } else if (reason == ENOENT || reason == ENOTDIR) {
        failure->problem = FLOWMANCER_COMMAND_MISSING;
    }
}

// A library for LD_PRELOAD that lets system calls fail.
//
// FLOWMANCER_FAULTS holds rules, separated by ';', of four words: "CALL SUBJECT WHEN ERROR".
// CALL:    open (and openat), write, fsync, fdatasync, rename (and renameat), ftruncate, mkdir, socketpair, pipe (pipe2),
//          fork, posix_spawn.
// SUBJECT: a part of the file's path; for the last four calls, of the process's name. "*" fits all.
// WHEN:    "3" for the third call that fits, "3-5", "3-", "while:FILE" as long as the file exists, or "3-,while:FILE".
// ERROR:   EIO, ENOSPC, EROFS, EACCES, EMFILE, EAGAIN, ENOMEM, or "short" for a write of half of the bytes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAXIMUM = 16, SHORT = -1 };

struct rule {
    char call[24], subject[128], flag[256];
    int first, last, error, count;
};

static struct rule rules[MAXIMUM];
static int rule_count = -1;

static int error_named(const char *name) {
    static const struct {
        const char *name;
        int value;
    } errors[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EROFS", EROFS},   {"EACCES", EACCES},
                  {"EMFILE", EMFILE}, {"EAGAIN", EAGAIN}, {"ENOMEM", ENOMEM}, {"short", SHORT}};
    for (size_t index = 0; index < sizeof errors / sizeof *errors; index += 1) {
        if (strcmp(errors[index].name, name) == 0) {
            return errors[index].value;
        }
    }
    fprintf(stderr, "faults: unknown error %s\n", name);
    abort();
}

static void parse_rules(void) {
    rule_count = 0;
    const char *text = getenv("FLOWMANCER_FAULTS");
    while (text != NULL && *text != 0 && rule_count < MAXIMUM) {
        struct rule *rule = &rules[rule_count];
        char when[256], error[16];
        if (sscanf(text, " %23s %127s %255s %15[^; ]", rule->call, rule->subject, when, error) != 4) {
            fprintf(stderr, "faults: cannot read %s\n", text);
            abort();
        }
        rule->error = error_named(error);
        char *flag = strstr(when, "while:");
        if (flag != NULL) {
            strcpy(rule->flag, flag + strlen("while:"));
            *flag = 0;
        }
        int numbers = sscanf(when, "%d-%d", &rule->first, &rule->last);
        if (numbers < 2) {
            rule->last = numbers < 1 || strchr(when, '-') != NULL ? 1 << 30 : rule->first;
        }
        rule_count += 1;
        text = strchr(text, ';');
        text = text != NULL ? text + 1 : NULL;
    }
}

// Returns 0, an errno, or SHORT.
static int fault(const char *call, const char *subject) {
    if (rule_count < 0) {
        parse_rules();
    }
    for (int index = 0; index < rule_count; index += 1) {
        struct rule *rule = &rules[index];
        bool fits = strcmp(rule->call, call) == 0
            && (strcmp(rule->subject, "*") == 0 || strstr(subject, rule->subject) != NULL);
        if (!fits) {
            continue;
        }
        int count = __atomic_add_fetch(&rule->count, 1, __ATOMIC_RELAXED);
        if (count < rule->first || count > rule->last) {
            continue;
        }
        if (rule->flag[0] == 0 || syscall(SYS_faccessat, AT_FDCWD, rule->flag, F_OK) == 0) {
            return rule->error;
        }
    }
    return 0;
}

static int file_fault(const char *call, int descriptor) {
    char link[64], path[1024];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
    return fault(call, path);
}

static int process_fault(const char *call) {
    // Of the process, not of the thread: that is what prctl would tell.
    char name[32] = "";
    int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/comm", O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        syscall(SYS_read, file, name, sizeof name - 1);
        syscall(SYS_close, file);
    }
    return fault(call, name);
}

#define FAIL_IF(expression)                                                                                            \
    do {                                                                                                               \
        int code_ = (expression);                                                                                      \
        if (code_ > 0) {                                                                                               \
            errno = code_;                                                                                             \
            return -1;                                                                                                 \
        }                                                                                                              \
    } while (0)

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = mode_of(flags, arguments);                                                                       \
        va_end(arguments);                                                                                             \
        FAIL_IF(fault("open", path));                                                                                  \
        return NEXT(name)(path, flags, mode);                                                                          \
    }
#define OPENAT(name)                                                                                                   \
    int name(int directory, const char *path, int flags, ...) {                                                        \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = mode_of(flags, arguments);                                                                       \
        va_end(arguments);                                                                                             \
        FAIL_IF(fault("open", path));                                                                                  \
        return NEXT(name)(directory, path, flags, mode);                                                               \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    int error = file_fault("write", descriptor);
    if (error == SHORT && count > 1) {
        return NEXT(write)(descriptor, bytes, count / 2);
    }
    FAIL_IF(error);
    return NEXT(write)(descriptor, bytes, count);
}

int fsync(int descriptor) {
    FAIL_IF(file_fault("fsync", descriptor));
    return NEXT(fsync)(descriptor);
}

int fdatasync(int descriptor) {
    FAIL_IF(file_fault("fdatasync", descriptor));
    return NEXT(fdatasync)(descriptor);
}

int ftruncate(int descriptor, off_t length) {
    FAIL_IF(file_fault("ftruncate", descriptor));
    return NEXT(ftruncate)(descriptor, length);
}

int rename(const char *from, const char *to) {
    FAIL_IF(fault("rename", to));
    return NEXT(rename)(from, to);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    FAIL_IF(fault("rename", to));
    return NEXT(renameat)(from_directory, from, to_directory, to);
}

int mkdir(const char *path, mode_t mode) {
    FAIL_IF(fault("mkdir", path));
    return NEXT(mkdir)(path, mode);
}

int socketpair(int domain, int type, int protocol, int descriptors[2]) {
    FAIL_IF(process_fault("socketpair"));
    static int (*next)(int, int, int, int[2]);
    next = (int (*)(int, int, int, int[2]))dlsym(RTLD_NEXT, "socketpair");
    return next(domain, type, protocol, descriptors);
}

int pipe2(int descriptors[2], int flags) {
    FAIL_IF(process_fault("pipe"));
    static int (*next)(int[2], int);
    next = (int (*)(int[2], int))dlsym(RTLD_NEXT, "pipe2");
    return next(descriptors, flags);
}

pid_t fork(void) {
    FAIL_IF(process_fault("fork"));
    return ((pid_t(*)(void))dlsym(RTLD_NEXT, "fork"))();
}

int posix_spawn(
    pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *restrict attributes, char *const arguments[restrict], char *const environment[restrict]) {
    int error = process_fault("posix_spawn");
    if (error > 0) {
        return error;
    }
    int (*next)(
        pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const[],
        char *const[]) = dlsym(RTLD_NEXT, "posix_spawn");
    return next(pid, path, actions, attributes, arguments, environment);
}

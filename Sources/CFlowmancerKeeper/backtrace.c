// Which backtraces a program writes that traps.
//
// The Swift runtime reads SWIFT_BACKTRACE once, when it is loaded, and knows no other way to be told. Its default adds some
// eighty lines of registers, images and idle threads to the log of a task. So for the moment in which the runtime is loaded, the
// variable stands in the place of one that nothing reads that early. What the user set is left as it is.
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static char setting[] = "SWIFT_BACKTRACE=threads=crashed,registers=none,images=none";

static char **place;
static char *replaced;

static bool has_prefix(const char *variable, const char *prefix) {
    return strncmp(variable, prefix, strlen(prefix)) == 0;
}

// Runs before any library is set up: the environment cannot grow yet.
static void set(int argument_count, char **arguments, char **environment) {
    static const char *const unread[] = {"_=", "OLDPWD=", "SHLVL=", "PWD=", "LOGNAME=", "USER=", "HOSTNAME=", "SHELL="};
    (void)argument_count;
    (void)arguments;
    char **candidate = NULL;
    for (char **variable = environment; *variable != NULL; variable += 1) {
        if (has_prefix(*variable, "SWIFT_BACKTRACE=")) {
            return;
        }
        for (size_t index = 0; index < sizeof unread / sizeof *unread && candidate == NULL; index += 1) {
            candidate = has_prefix(*variable, unread[index]) ? variable : candidate;
        }
    }
    if (candidate != NULL) {
        place = candidate;
        replaced = *candidate;
        *candidate = setting;
    }
}

#ifdef __ELF__
__attribute__((section(".preinit_array"), used)) static void (*const entry)(int, char **, char **) = set;
#endif

// Runs after the libraries were set up.
__attribute__((constructor(101))) static void put_back(void) {
    if (place != NULL) {
        *place = replaced;
    }
}

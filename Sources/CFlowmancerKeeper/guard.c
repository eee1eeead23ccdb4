// The guard: it outlives the keeper, whatever ends that.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// Watches over the keeper, which is this process's child: what the keeper leaves behind if it is killed becomes ours,
// and is killed. Ends after the keeper, and like it.
static _Noreturn void guard(pid_t keeper) {
    prctl(PR_SET_NAME, "flow-guard");
    close(FLOWMANCER_SOCKET);
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, 0)) != keeper;) {
        if (pid < 0 && errno != EINTR) {
            break;
        }
    }
    flowmancer_kill_everything();
    if (WIFSIGNALED(status)) {
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(WTERMSIG(status), SIG_DFL);
        kill(getpid(), WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void flowmancer_leave_guard_behind(void) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t self = getpid();
    pid_t keeper = fork();
    if (keeper > 0) {
        guard(keeper);
    }
    if (keeper == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != self) {
            _exit(0);
        }
    }
}

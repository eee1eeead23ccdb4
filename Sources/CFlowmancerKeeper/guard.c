// The guard: it outlives the keeper, whatever ends that.
#define _GNU_SOURCE
#include "keeper_private.h"

#include <errno.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Waits for the end of the keeper, which follows that of the engine. One that outlives the engine for long is stopped, and is
// killed.
static void end_stuck_keeper(pid_t keeper, pid_t engine) {
    struct pollfd keeper_end = {(int)syscall(SYS_pidfd_open, keeper, 0), POLLIN, 0};
    struct pollfd engine_end = {(int)syscall(SYS_pidfd_open, engine, 0), POLLIN, 0};
    if (keeper_end.fd >= 0 && engine_end.fd >= 0) {
        struct pollfd ends[] = {keeper_end, engine_end};
        while (poll(ends, 2, -1) < 0 && errno == EINTR) {
        }
        if (poll(&keeper_end, 1, FLOWMANCER_END_PATIENCE_MS + 1000) == 0) {
            kill(keeper, SIGKILL);
        }
    }
    close(keeper_end.fd);
    close(engine_end.fd);
}

// Watches over the keeper, which is this process's child: what the keeper leaves behind if it is killed becomes ours,
// and is killed. Ends after the keeper, and like it.
static _Noreturn void guard(pid_t keeper, pid_t engine) {
    prctl(PR_SET_NAME, "flow-guard");
    close(FLOWMANCER_SOCKET);
    end_stuck_keeper(keeper, engine);
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

void flowmancer_leave_guard_behind(pid_t engine) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t self = getpid();
    pid_t keeper = fork();
    if (keeper > 0) {
        guard(keeper, engine);
    }
    if (keeper == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != self) {
            _exit(0);
        }
    }
}

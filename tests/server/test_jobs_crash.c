/* kill -9 between any two instructions: processes train one run in turn, each is killed
 * after as many recorded points as a fixed sequence says, and the run ends with the bits
 * of one that nobody killed. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/server/jobs_lab.h"

#define KILLS 20
/* Points lie closer than the recorder's rounds, and each round is a file and rows. */
#define STEADY                                                                           \
    "{\"dataset\":\"moons\",\"hidden\":[32,32],\"epochs\":160,\"batch_size\":2,"         \
    "\"momentum\":0.5,\"eval_every\":101,\"validation_samples\":50}"

static struct folder shared;

/* In the child: trains, and writes a byte for each change of the recorded points. */
static _Noreturn void train_until_killed(int signal_end, bool first)
{
    struct lab lab = {.folder = shared};
    int64_t told = 0;
    start(&lab, 1);
    if (first)
        launch(&lab, STEADY);
    for (;;) {
        struct db_run run = get(&lab, 1);
        bool ended = run.state == RUN_FINISHED;
        if (run.summary.points > told && write(signal_end, "", 1) != 1)
            _exit(1);
        told = run.summary.points;
        db_run_clear(&run);
        if (ended)
            _exit(0);
        nanosleep(&(struct timespec){0, 100000}, NULL);
    }
}

/* True if it was killed, false if it ended by itself. */
static bool kill_after(unsigned changes, bool first)
{
    int ends[2], status;
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        train_until_killed(ends[1], first);
    }
    close(ends[1]);
    while (changes > 0 && read(ends[0], &byte, 1) == 1)
        changes--;
    kill(child, SIGKILL);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

static void test_kills_leave_no_trace(void **state)
{
    (void)state;
    unsigned random = 20261123, killed = 0;
    shared = folder_open();
    for (unsigned i = 0; i < KILLS; i++) {
        random = random * 1103515245 + 12345;
        killed += kill_after(1 + (random >> 16) % 3, i == 0);
    }
    assert_true(killed > KILLS / 2);
    struct lab lab = {.folder = shared};
    start(&lab, 1);
    wait_for(&lab, 1, RUN_MASK(RUN_FINISHED));
    int64_t calm = launch(&lab, STEADY);
    wait_for(&lab, calm, RUN_MASK(RUN_FINISHED));
    expect_same(outcome_of(&lab, 1), outcome_of(&lab, calm));
    close_lab(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kills_leave_no_trace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

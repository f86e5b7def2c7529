/* The commands of the command line. Each takes the words after its name and returns the
 * process's exit code: COMMAND_DONE, COMMAND_FAILED or COMMAND_USAGE. */
#ifndef SERVER_COMMANDS_H
#define SERVER_COMMANDS_H

enum { COMMAND_DONE = 0, COMMAND_FAILED = 1, COMMAND_USAGE = 2 };

/* sweetspot serve [--config FILE] [--bind ADDR] [--port N] [--data-dir DIR] ... */
int serve_command(int count, char **words);

/* sweetspot train [--data-dir DIR] [--resume FILE] [--out FILE] CONFIG.json */
int train_command(int count, char **words);

#endif

/* The program: `sweetspot serve` is the lab, `sweetspot train` one run without it. */
#include <stdio.h>
#include <string.h>

#include "server/commands.h"

static const char usage[] =
    "Sweetspot, a local lab for training runs.\n"
    "\n"
    "  sweetspot serve [--config FILE] [--bind ADDR] [--port N] [--data-dir DIR]\n"
    "                  [--workers N] [--web-dir DIR]\n"
    "      starts the lab; open http://localhost:8080 in a browser\n"
    "  sweetspot train [--data-dir DIR] [--resume FILE] [--out FILE.safetensors] CONFIG\n"
    "      trains one run, a JSON point a line on standard output; CONFIG is a file\n"
    "      such as {\"dataset\": \"mnist\", \"hidden\": [128]}, or - for standard "
    "input;\n"
    "      --data-dir keeps a checkpoint to --resume from, --out saves the best model\n"
    "  sweetspot --help | --version\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 usage.\n";

int main(int count, char **words)
{
    const char *command = count > 1 ? words[1] : "";
    if (strcmp(command, "serve") == 0)
        return serve_command(count - 2, words + 2);
    if (strcmp(command, "train") == 0)
        return train_command(count - 2, words + 2);
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0) {
        fputs(usage, stdout);
        return COMMAND_DONE;
    }
    if (strcmp(command, "--version") == 0) {
        puts("sweetspot " SWEETSPOT_VERSION);
        return COMMAND_DONE;
    }
    fputs(usage, stderr);
    return COMMAND_USAGE;
}

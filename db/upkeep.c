/* Looking after the file: is it writable, how large, a copy of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/internal.h"

/* Commits the version that is there already. */
static enum db_status touch(struct db *db)
{
    enum db_status status = db_begin_write(db);
    return status == DB_OK ? db_end_write(db, schema_touch(db->writer)) : status;
}

/* A new page that is taken back shows a full database, and a commit that changes nothing
 * but goes to the disk shows what is wrong there. */
enum db_status db_check_writable(struct db *db)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    int code = sqlite3_exec(db->writer,
                            "CREATE TABLE writable_check (x); DROP TABLE writable_check;",
                            NULL, NULL, NULL);
    enum db_status written = db_status_of(code);
    db_end_write(db, DB_INVALID); /* rolled back either way */
    return written == DB_OK ? touch(db) : written;
}

static int64_t file_bytes(const char *path, const char *suffix)
{
    char full[4200];
    struct stat info;
    snprintf(full, sizeof full, "%s%s", path, suffix);
    return stat(full, &info) == 0 ? (int64_t)info.st_size : 0;
}

int64_t db_file_bytes(struct db *db)
{
    return file_bytes(db->path, "") + file_bytes(db->path, "-wal");
}

enum db_status db_limit_pages(struct db *db, int64_t pages)
{
    char pragma[64];
    int64_t limit = pages > 0 ? pages : 4294967294; /* SQLite's own largest */
    snprintf(pragma, sizeof pragma, "PRAGMA max_page_count = %lld", (long long)limit);
    writer_take(db);
    int code = sqlite3_exec(db->writer, pragma, NULL, NULL, NULL);
    writer_give(db);
    return db_status_of(code);
}

static enum db_status copy_into(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return DB_ERROR;
    int step = sqlite3_backup_step(backup, -1);
    int finish = sqlite3_backup_finish(backup); /* says nothing of a busy step */
    return db_status_of(step != SQLITE_DONE ? step : finish);
}

enum db_status db_backup(struct db *db, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? DB_CONFLICT : DB_ERROR;
    close(fd);
    sqlite3 *reader = db_take_reader(db), *copy = NULL;
    enum db_status status = DB_ERROR;
    if (reader) {
        status = db_status_of(sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL));
        if (status == DB_OK)
            status = copy_into(reader, copy);
        sqlite3_close(copy);
        db_return_reader(db, reader);
    }
    if (status != DB_OK)
        unlink(path);
    return status;
}

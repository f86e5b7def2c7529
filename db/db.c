/* The handle: opening, the folder's lock, the write connection and the readers' pool. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/internal.h"

const char *db_status_name(enum db_status status)
{
    static const char *const names[] = {
        [DB_OK] = "ok",
        [DB_NOT_FOUND] = "not found",
        [DB_CONFLICT] = "conflict",
        [DB_INVALID] = "invalid argument",
        [DB_NO_MEMORY] = "no memory",
        [DB_BUSY] = "busy",
        [DB_NEWER] = "made by a newer version",
        [DB_FOREIGN] = "made by another program",
        [DB_FULL] = "disk full",
        [DB_QUEUE_FULL] = "queue full",
        [DB_ERROR] = "database error",
    };
    return names[status];
}

__attribute__((format(printf, 3, 4))) static void explain(char *reason, size_t size,
                                                          const char *format, ...)
{
    if (!reason || size == 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, size, format, arguments);
    va_end(arguments);
}

/* `length` bytes of `path` name the folder. */
static bool sync_folder(const char *path, size_t length)
{
    char folder[4096] = "";
    memcpy(folder, path, length);
    int fd = open(length ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool synced = fsync(fd) == 0;
    int error = errno;
    close(fd);
    errno = error;
    return synced;
}

/* Makes one folder, as durable as what will lie in it: what is synced inside of a folder
 * is lost with the folder's own entry. One that was there may be left by a process that
 * ended before it synced the entry, or stand where this one may not look: it is synced
 * where that is possible. */
static bool make_durable(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t parent = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST)
        return false;
    if (sync_folder(path, parent) || !made)
        return true;
    int error = errno;
    rmdir(path);
    errno = error;
    return false;
}

/* Creates the folder and those above it. */
static bool make_folder(const char *dir)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s", dir);
    if (length <= 0 || (size_t)length >= sizeof path) {
        errno = length > 0 ? ENAMETOOLONG : ENOENT;
        return false;
    }
    while (length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_durable(path))
            return false;
        *slash = '/';
    }
    return make_durable(path);
}

static enum db_status lock_folder(struct db *db, const char *dir, char *reason,
                                  size_t size)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/lock", dir);
    db->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (db->lock_fd < 0) {
        explain(reason, size, "cannot open %s: %s", path, strerror(errno));
        return DB_ERROR;
    }
    if (flock(db->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return DB_OK;
    explain(reason, size, "another process is using the data folder %s", dir);
    return DB_BUSY;
}

static enum db_status open_connection(const char *path, int flags, const char *pragmas,
                                      sqlite3 **out)
{
    sqlite3 *connection = NULL;
    int code = sqlite3_open_v2(path, &connection, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(connection, 5000);
    if (code == SQLITE_OK)
        code = sqlite3_exec(connection, pragmas, NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        sqlite3_close(connection); /* there is a handle even when opening failed */
        return db_status_of(code);
    }
    *out = connection;
    return DB_OK;
}

/* SQLite gives -wal and -shm the mode of the database, so making that 0600 first keeps
 * all three private. */
static enum db_status create_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return DB_ERROR;
    int failed = fchmod(fd, 0600);
    close(fd);
    return failed ? DB_ERROR : DB_OK;
}

/* What is not ours is looked at only: opening it for writing could change it, if only by
 * tidying up what its owner left. What cannot be read so, because a change to it was cut
 * off, is looked at once more when that has been undone. */
static enum db_status look_before(const char *path)
{
    sqlite3 *reader = NULL;
    struct stat info;
    if (stat(path, &info) != 0 || info.st_size == 0)
        return DB_OK;
    enum db_status status = open_connection(path, SQLITE_OPEN_READONLY, "", &reader);
    if (status == DB_OK)
        status = schema_check(reader);
    sqlite3_close(reader);
    return status == DB_NEWER || status == DB_FOREIGN ? status : DB_OK;
}

static enum db_status open_writer(struct db *db, char *reason, size_t size)
{
    enum db_status status = look_before(db->path);
    if (status == DB_OK)
        status = create_private(db->path);
    if (status == DB_OK)
        status = open_connection(
            db->path, SQLITE_OPEN_READWRITE,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=MEMORY;",
            &db->writer);
    if (status == DB_OK)
        status = schema_check(db->writer);
    if (status == DB_OK)
        status = schema_migrate(db->writer);
    if (status == DB_NEWER)
        explain(reason, size, "%s was made by a newer version of this program", db->path);
    else if (status == DB_FOREIGN)
        explain(reason, size, "%s was made by another program", db->path);
    else if (status != DB_OK)
        explain(reason, size, "cannot open %s: %s", db->path,
                db->writer ? sqlite3_errmsg(db->writer) : db_status_name(status));
    return status;
}

static struct db *allocate(const char *dir)
{
    struct db *db = calloc(1, sizeof *db);
    size_t size = strlen(dir) + sizeof "/sweetspot.db";
    if (!db || !(db->path = malloc(size))) {
        free(db);
        return NULL;
    }
    snprintf(db->path, size, "%s/sweetspot.db", dir);
    db->lock_fd = -1;
    pthread_mutex_init(&db->write_lock, NULL);
    pthread_cond_init(&db->write_ended, NULL);
    pthread_mutex_init(&db->pool_lock, NULL);
    pthread_cond_init(&db->reader_returned, NULL);
    return db;
}

enum db_status db_open(const char *dir, struct db **out, char *reason, size_t reason_size)
{
    if (!make_folder(dir)) {
        explain(reason, reason_size, "cannot create the data folder %s: %s", dir,
                strerror(errno));
        return DB_ERROR;
    }
    struct db *db = allocate(dir);
    if (!db) {
        explain(reason, reason_size, "not enough memory");
        return DB_NO_MEMORY;
    }
    enum db_status status = lock_folder(db, dir, reason, reason_size);
    if (status == DB_OK)
        status = open_writer(db, reason, reason_size);
    if (status != DB_OK) {
        db_close(db);
        return status;
    }
    *out = db;
    return DB_OK;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < db->idle_count; i++)
        sqlite3_close(db->idle[i]);
    sqlite3_close(db->writer);
    if (db->lock_fd >= 0)
        close(db->lock_fd);
    pthread_cond_destroy(&db->reader_returned);
    pthread_mutex_destroy(&db->pool_lock);
    pthread_cond_destroy(&db->write_ended);
    pthread_mutex_destroy(&db->write_lock);
    free(db->path);
    free(db);
}

void writer_take(struct db *db)
{
    pthread_mutex_lock(&db->write_lock);
    uint64_t ticket = db->next_ticket++;
    while (db->now_serving != ticket)
        pthread_cond_wait(&db->write_ended, &db->write_lock);
    pthread_mutex_unlock(&db->write_lock);
}

void writer_give(struct db *db)
{
    pthread_mutex_lock(&db->write_lock);
    db->now_serving++;
    pthread_cond_broadcast(&db->write_ended);
    pthread_mutex_unlock(&db->write_lock);
}

/* SQLite has rolled back by itself after some failures; ROLLBACK would then fail too. */
static void roll_back(struct db *db)
{
    if (!sqlite3_get_autocommit(db->writer))
        sqlite3_exec(db->writer, "ROLLBACK", NULL, NULL, NULL);
}

/* A BEGIN that ran out of memory may have begun nevertheless, and a ROLLBACK may have had
 * none: what is still open is made up for, or nobody would write again. */
enum db_status db_begin_write(struct db *db)
{
    writer_take(db);
    roll_back(db);
    int code = sqlite3_exec(db->writer, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        roll_back(db);
        writer_give(db);
    }
    return db_status_of(code);
}

enum db_status db_end_write(struct db *db, enum db_status status)
{
    if (status == DB_OK)
        status = db_status_of(sqlite3_exec(db->writer, "COMMIT", NULL, NULL, NULL));
    if (status != DB_OK)
        roll_back(db);
    writer_give(db);
    return status;
}

/* With the pool's lock held: an idle reader, or leave to open one more. */
static sqlite3 *wait_for_reader(struct db *db)
{
    while (db->idle_count == 0 && db->open_count == DB_MAX_READERS)
        pthread_cond_wait(&db->reader_returned, &db->pool_lock);
    if (db->idle_count > 0)
        return db->idle[--db->idle_count];
    db->open_count++;
    return NULL;
}

/* Small caches (KB): there may be eight of them, and the system keeps the file's pages.
 */
#define READER_PRAGMAS                                                                   \
    "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-512; "        \
    "PRAGMA temp_store=MEMORY;"

sqlite3 *db_take_reader(struct db *db)
{
    pthread_mutex_lock(&db->pool_lock);
    sqlite3 *reader = wait_for_reader(db);
    pthread_mutex_unlock(&db->pool_lock);
    if (reader)
        return reader;
    if (open_connection(db->path, SQLITE_OPEN_READONLY, READER_PRAGMAS, &reader) == DB_OK)
        return reader;
    pthread_mutex_lock(&db->pool_lock);
    db->open_count--;
    pthread_cond_signal(&db->reader_returned);
    pthread_mutex_unlock(&db->pool_lock);
    return NULL;
}

void db_return_reader(struct db *db, sqlite3 *reader)
{
    pthread_mutex_lock(&db->pool_lock);
    db->idle[db->idle_count++] = reader;
    pthread_cond_signal(&db->reader_returned);
    pthread_mutex_unlock(&db->pool_lock);
}

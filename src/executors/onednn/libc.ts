// The C library's functions that this executor calls. No other file resolves a symbol of it.
import koffi from 'koffi';

const libc = koffi.load(null);

/** int posix_memalign(void **out, size_t alignment, size_t size); returns an errno. */
export const posixMemalign = libc.func('posix_memalign', 'int', ['void *', 'size_t', 'size_t']);
/** void free(void *address). */
export const free = libc.func('free', 'void', ['void *']);
/** int madvise(void *address, size_t length, int advice). */
export const madvise = libc.func('madvise', 'int', ['void *', 'size_t', 'int']);
/** void *memset(void *address, int byte, size_t length). */
export const memset = libc.func('memset', 'void *', ['void *', 'int', 'size_t']);
/** void *memcpy(void *to, const void *from, size_t length). */
export const memcpy = libc.func('memcpy', 'void *', ['void *', 'void *', 'size_t']);
/** void *mmap(void *hint, size_t length, int protection, int flags, int file, off_t offset);
 *  MAP_FAILED is all ones. */
export const mmap = libc.func('mmap', 'void *', [
  ...['void *', 'size_t', 'int', 'int', 'int', 'int64_t'],
]);
/** int mprotect(void *address, size_t length, int protection). */
export const mprotect = libc.func('mprotect', 'int', ['void *', 'size_t', 'int']);
/** int munmap(void *address, size_t length). */
export const munmap = libc.func('munmap', 'int', ['void *', 'size_t']);
/** void *dlopen(const char *name, int flags); null if there is no such library. */
export const dlopen = libc.func('dlopen', 'void *', ['str', 'int']);

/** Name of the errno that the last failed call left, e.g. "EACCES". */
export function errnoName(): string {
  const number = koffi.errno();
  const [name] = Object.entries(koffi.os.errno).find(([, value]) => value === number) ?? [];
  return name ?? `errno ${number}`;
}

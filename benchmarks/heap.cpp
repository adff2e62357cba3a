#include "heap.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>

namespace {

// One thread only: rows that measure memory run on one.
constinit thread_local bool counting = false;
constinit thread_local long long now = 0, most = 0;

void* came(void* memory) {
  if (counting && memory != nullptr) {
    now += static_cast<long long>(malloc_usable_size(memory));
    most = std::max(most, now);
  }
  return memory;
}

void went(void* memory) {
  if (counting && memory != nullptr) now -= static_cast<long long>(malloc_usable_size(memory));
}

}  // namespace

namespace metriplex::bench::heap {

void reset() {
  counting = true;
  now = most = 0;
}
void forget_peak() {
  most = now;
}
std::size_t peak() {
  counting = false;
  return static_cast<std::size_t>(most);
}

}  // namespace metriplex::bench::heap

// glibc lets a program take malloc's place, and keeps its own under another name.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) {
  return came(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) {
  return came(__libc_calloc(count, size));
}
void* realloc(void* old, std::size_t size) {
  went(old);
  return came(__libc_realloc(old, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return came(__libc_memalign(alignment, size));
}
void free(void* memory) {
  went(memory);
  __libc_free(memory);
}
}

// Arrays. Every access is checked, as in a terminal.
#pragma once

#include "numbers.h"
#include "stop.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace mql {

inline void check_index(types::mql_long index, int size) {
    if (index < 0 || size <= index) {
        critical("array out of range");
    }
}

/// What a new element of a number type holds: a terminal promises nothing, so it is no zero.
inline constexpr int UNSET_BYTE = 0xA5;

} // namespace mql

namespace mql::types {

/// `T a[]`
template <class T> class Array {
public:
    using Element = T;

    Array() = default;
    Array(const Array &) = delete;
    Array &operator=(const Array &) = delete;
    // Only the runtime moves: structures that hold an array, when they lie in one themselves.
    Array(Array &&other) noexcept { swap(other); }
    Array &operator=(Array &&other) noexcept {
        swap(other);
        return *this;
    }
    ~Array() { delete[] items_; }

    T &operator[](mql_long index) {
        check_index(index, size_);
        return items_[index];
    }
    const T &operator[](mql_long index) const {
        check_index(index, size_);
        return items_[index];
    }

    int size() const { return size_; }
    T *data() { return items_; }
    const T *data() const { return items_; }

    /// Sets the size and keeps `reserve` further elements ready; returns the size, or -1.
    int resize(int size, int reserve) {
        if (size < 0) {
            return -1;
        }
        if (capacity_ < size) {
            move_to(size + std::max(reserve, 0));
        }
        for (int index = size_; index < size; ++index) {
            if constexpr (!std::is_trivial_v<T>) {
                items_[index] = T();
            }
        }
        if constexpr (std::is_trivial_v<T>) {
            if (size_ < size) {
                std::memset(items_ + size_, UNSET_BYTE, sizeof(T) * (size - size_));
            }
        }
        size_ = size;
        return size_;
    }

    void clear() {
        delete[] items_;
        items_ = nullptr;
        size_ = capacity_ = 0;
    }

private:
    void swap(Array &other) {
        std::swap(items_, other.items_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

    void move_to(int capacity) {
        T *items = new T[static_cast<std::size_t>(capacity)];
        std::move(items_, items_ + size_, items);
        delete[] items_;
        items_ = items;
        capacity_ = capacity;
    }

    T *items_ = nullptr;
    int size_ = 0;
    int capacity_ = 0;
};

/// `T a[N]`: an aggregate, so that it can be given a list and be part of a plain struct.
template <class T, int N> struct FixedArray {
    static_assert(0 < N, "an array of a fixed size has at least one element");
    using Element = T;

    T items[N];

    T &operator[](mql_long index) {
        check_index(index, N);
        return items[index];
    }
    const T &operator[](mql_long index) const {
        check_index(index, N);
        return items[index];
    }

    int size() const { return N; }
    T *data() { return items; }
    const T *data() const { return items; }

    /// A fixed array keeps its size; returns what was asked for, or -1 if it has less.
    int resize(int size, int) { return size <= N ? size : -1; }
};

/// `T &a[]` as a parameter: an array of either kind.
template <class T> class ArrayRef {
    using Plain = std::remove_const_t<T>;
    using Dynamic = std::conditional_t<std::is_const_v<T>, const Array<Plain>, Array<Plain>>;
    template <class U> friend class ArrayRef;

public:
    using Element = Plain;

    ArrayRef(Dynamic &array) : dynamic_(&array) {}
    template <int N>
    ArrayRef(FixedArray<Plain, N> &array) : fixed_(array.data()), fixed_size_(N) {}
    template <int N, class U = T, class = std::enable_if_t<std::is_const_v<U>>>
    ArrayRef(const FixedArray<Plain, N> &array) : fixed_(array.data()), fixed_size_(N) {}
    template <class U, class = std::enable_if_t<std::is_same_v<const U, T> && !std::is_const_v<U>>>
    ArrayRef(const ArrayRef<U> &other)
        : dynamic_(other.dynamic_), fixed_(other.fixed_), fixed_size_(other.fixed_size_) {}

    T &operator[](mql_long index) const {
        check_index(index, size());
        return data()[index];
    }

    int size() const { return dynamic_ != nullptr ? dynamic_->size() : fixed_size_; }
    T *data() const { return dynamic_ != nullptr ? dynamic_->data() : fixed_; }

    int resize(int size, int reserve) const {
        if (dynamic_ != nullptr) {
            return dynamic_->resize(size, reserve);
        }
        return size <= fixed_size_ ? size : -1;
    }
    void clear() const {
        if (dynamic_ != nullptr) {
            dynamic_->clear();
        }
    }

private:
    Dynamic *dynamic_ = nullptr;
    T *fixed_ = nullptr;
    int fixed_size_ = 0;
};

} // namespace mql::types

namespace mql {

/// Arrays that go through a file as they lie in memory: MQL packs structures, C++ does not.
template <class Numbers>
using Transferred = std::enable_if_t<std::is_arithmetic_v<typename Numbers::Element> &&
                                     !std::is_same_v<typename Numbers::Element, bool>>;

/// Arrays whose elements can be set.
template <class Items>
using Writable = std::enable_if_t<
    !std::is_const_v<std::remove_pointer_t<decltype(std::declval<Items &>().data())>>>;

/// A terminal would convert number by number.
template <class Items, class Source>
using SameElements =
    std::enable_if_t<std::is_same_v<typename Items::Element, typename Source::Element>>;

} // namespace mql

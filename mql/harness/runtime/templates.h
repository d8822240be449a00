// The definitions of the templates in api.h.
#pragma once

#include "api.h"

#include <algorithm>
#include <type_traits>

namespace mql {

// files.cpp: bytes through an open file, counted.
std::size_t write_array(int handle, const void *bytes, std::size_t size);
std::size_t read_array(int handle, void *bytes, std::size_t size);

/// How many elements `count` means from `start` on; the range must be in the array.
inline int counted(int start, int count, int size) {
    if (start < 0 || size < start) {
        critical("array out of range");
    }
    return count < 0 ? size - start : count;
}

} // namespace mql

namespace mql::api {

template <class... Values, class> void Print(const Values &...values) {
    show_values(Output::print, values...);
}
template <class... Values, class> void Comment(const Values &...values) {
    show_values(Output::comment, values...);
}
template <class... Values, class> void Alert(const Values &...values) {
    show_values(Output::alert, values...);
}
template <class... Values, class> void PrintFormat(const string &format, const Values &...values) {
    show(Output::print, format_text(format, {FormatArgument(values)...}));
}
template <class... Values, class>
string StringFormat(const string &format, const Values &...values) {
    return string(format_text(format, {FormatArgument(values)...}));
}

template <class Numbers, class, class>
uint FileReadArray(int handle, Numbers &array, int start, int count) {
    using Element = typename Numbers::Element;
    if (count == 0) {
        return 0;
    }
    count = counted(start, count, std::max(array.size(), start));
    if (array.size() < start + count && array.resize(start + count, 0) < 0) {
        critical("array out of range");
    }
    const std::size_t size = sizeof(Element) * static_cast<std::size_t>(count);
    return static_cast<uint>(read_array(handle, array.data() + start, size) / sizeof(Element));
}

template <class Numbers, class>
uint FileWriteArray(int handle, const Numbers &array, int start, int count) {
    using Element = typename Numbers::Element;
    count = counted(start, count, array.size());
    if (array.size() - start < count) {
        critical("array out of range");
    }
    const std::size_t size = sizeof(Element) * static_cast<std::size_t>(count);
    return static_cast<uint>(write_array(handle, array.data() + start, size) / sizeof(Element));
}

template <class Items, class> int ArraySize(const Items &array) { return array.size(); }

template <class Items, class> int ArrayResize(Items &array, int size, int reserve) {
    return array.resize(size, reserve);
}

template <class Items, class Source, class, class>
int ArrayCopy(Items &array, const Source &source, int start, int source_start, int count) {
    if (start < 0 || source_start < 0 || source.size() <= source_start) {
        return 0;
    }
    const int available = source.size() - source_start;
    count = count < 0 ? available : std::min(count, available);
    if (array.size() < start + count && array.resize(start + count, 0) < 0) {
        count = array.size() - start;
    }
    const auto *from = source.data() + source_start;
    auto *to = array.data() + start;
    // An array may be copied within itself.
    if (from < to) {
        std::copy_backward(from, from + std::max(count, 0), to + std::max(count, 0));
    } else {
        std::copy(from, from + std::max(count, 0), to);
    }
    return std::max(count, 0);
}

template <class Numbers, class>
int ArrayInitialize(Numbers &array, typename Numbers::Element value) {
    std::fill(array.data(), array.data() + array.size(), value);
    return array.size();
}

template <class Items, class>
void ArrayFill(Items &array, int start, int count, typename Items::Element value) {
    if (start < 0 || count < 0 || array.size() - start < count) {
        critical("array out of range");
    }
    std::fill(array.data() + start, array.data() + start + count, value);
}

template <class Items, class> void ArrayFree(Items &array) { array.clear(); }

template <class Left, class Right> Wider<Left, Right> MathMin(Left left, Right right) {
    using Result = Wider<Left, Right>;
    return std::min(static_cast<Result>(left), static_cast<Result>(right));
}
template <class Left, class Right> Wider<Left, Right> MathMax(Left left, Right right) {
    using Result = Wider<Left, Right>;
    return std::max(static_cast<Result>(left), static_cast<Result>(right));
}

} // namespace mql::api

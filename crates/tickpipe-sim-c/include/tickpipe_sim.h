/* The simulated broker of tickpipe for C and C++: a trade server for one account, in this process.
 *
 * It is given ticks and orders, and gives results, events and books, as docs/simulation.md says. The same
 * ticks, orders and seed always give the same deals. It reads no clock, starts no thread and opens no file.
 *
 *     tickpipe_sim broker = 0;
 *     const char *symbols[] = {"EURUSD:commission=3.5"};
 *     tickpipe_sim_config config = {0};
 *     config.size = sizeof config;
 *     config.symbols = symbols;
 *     config.symbol_count = 1;
 *     if (tickpipe_sim_open(&config, &broker) < 0) { ... tickpipe_sim_last_error(0, text, sizeof text) ... }
 *     tickpipe_sim_handle_tick(broker, "EURUSD", 1549238400994, 114543, 114545);
 *     ...
 *     tickpipe_sim_free(broker);
 *
 * Structs. Each but tickpipe_sim_decimal begins with `size`, which the caller sets to sizeof of the struct before
 * a call, whether the struct is read or written. Zero a struct before its members are set. Members
 * named `reserved` are zero. A struct has no gaps and the same layout in C and C++, for 64 bits.
 *
 * Ownership. Nothing that a caller hands over is kept: all is copied before the call returns. Nothing that is
 * handed out points into the library: texts stand in the structs, UTF-8 with a zero at their end. A text
 * for people (message, comment, description) that does not fit is cut off at a whole character; names are never cut.
 * A broker is a number. Numbers are never given twice, so a broker that was freed is known as such.
 *
 * Addresses. One that is null or not aligned, and a struct that says another size, is an error. What
 * cannot be seen is the caller's duty: that the memory is there, that nobody else changes it during the call,
 * and that what is written does not overlap with what is read.
 *
 * Errors. Each function that returns int32_t returns TICKPIPE_SIM_OK, or an error below zero; then nothing was
 * written and nothing has happened, but for what its comment says. tickpipe_sim_last_error tells what was found
 * and what is allowed. An order that is refused by the broker is no error: it has a result, which says so.
 * A panic inside the library is TICKPIPE_SIM_ERROR_BUG; a broker that had one answers nothing else from then on.
 * Lack of memory ends the process.
 *
 * Threads. Any function may be called by any thread. Calls of one broker wait for each other; brokers do not.
 *
 * Times are milliseconds since 1970 of the trade server's clock (*_msc, now_msc), from 0 to the end of the
 * year 9999; an expiration is in seconds. Time never goes back: an earlier one is taken as the one reached.
 */
#ifndef TICKPIPE_SIM_H
#define TICKPIPE_SIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What tickpipe_sim_version returns for this header. */
#define TICKPIPE_SIM_VERSION 1u

/* What functions return. */
enum {
    TICKPIPE_SIM_OK = 0,
    TICKPIPE_SIM_ERROR_ADDRESS = -1,    /* null, or not aligned */
    TICKPIPE_SIM_ERROR_SIZE = -2,       /* a struct says another size */
    TICKPIPE_SIM_ERROR_TEXT = -3,       /* no UTF-8, too long, or without an end */
    TICKPIPE_SIM_ERROR_HANDLE = -4,     /* no open broker has this number */
    TICKPIPE_SIM_ERROR_INDEX = -5,      /* the list is shorter */
    TICKPIPE_SIM_ERROR_SETTING = -6,    /* account, symbols, slippage or latency */
    TICKPIPE_SIM_ERROR_SYMBOL = -7,     /* not traded here */
    TICKPIPE_SIM_ERROR_VALUE = -8,      /* a number that cannot be */
    TICKPIPE_SIM_ERROR_REQUEST = -9,    /* what no order can be; there is a result all the same */
    TICKPIPE_SIM_ERROR_CLIENT_ID = -10, /* another order has it */
    TICKPIPE_SIM_ERROR_NOT_FOUND = -11, /* no answered order has this client_id */
    TICKPIPE_SIM_ERROR_BUG = -12        /* a panic in the library */
};

/* What an order does, and which members of tickpipe_sim_request it needs; in brackets what it may have.
 * Members that an action does not name are not looked at. Each may have magic, comment and client_id. */
enum {
    TICKPIPE_SIM_ACTION_MARKET = 1,   /* symbol, type, volume [stop_loss, take_profit, deviation_points, filling] */
    TICKPIPE_SIM_ACTION_PENDING = 2,  /* symbol, type, volume, price [stop_limit, stop_loss, take_profit,
                                         expiration, filling] */
    TICKPIPE_SIM_ACTION_MODIFY = 3,   /* ticket of an order or a position [price, stop_limit, stop_loss,
                                         take_profit, expiration: what is set changes] */
    TICKPIPE_SIM_ACTION_CLOSE = 4,    /* ticket of a position [volume, deviation_points, filling] */
    TICKPIPE_SIM_ACTION_CLOSE_BY = 5, /* ticket, by_ticket, of positions */
    TICKPIPE_SIM_ACTION_DELETE = 6    /* ticket of an order */
};

/* MQL5's ENUM_ORDER_TYPE. */
enum {
    TICKPIPE_SIM_TYPE_NONE = -1, /* not told */
    TICKPIPE_SIM_TYPE_BUY = 0,
    TICKPIPE_SIM_TYPE_SELL = 1,
    TICKPIPE_SIM_TYPE_BUY_LIMIT = 2,
    TICKPIPE_SIM_TYPE_SELL_LIMIT = 3,
    TICKPIPE_SIM_TYPE_BUY_STOP = 4,
    TICKPIPE_SIM_TYPE_SELL_STOP = 5,
    TICKPIPE_SIM_TYPE_BUY_STOP_LIMIT = 6,
    TICKPIPE_SIM_TYPE_SELL_STOP_LIMIT = 7
};

/* MQL5's ENUM_ORDER_TYPE_FILLING and one more, for a zero is what nobody set. */
enum {
    TICKPIPE_SIM_FILLING_ANY = 0, /* what the symbol allows */
    TICKPIPE_SIM_FILLING_FOK = 1,
    TICKPIPE_SIM_FILLING_IOC = 2,
    TICKPIPE_SIM_FILLING_RETURN = 3
};

/* What became of an order. */
enum {
    TICKPIPE_SIM_OUTCOME_DONE = 1,     /* the trade server has it */
    TICKPIPE_SIM_OUTCOME_REJECTED = 2, /* it has it not, and never will */
    TICKPIPE_SIM_OUTCOME_UNKNOWN = 3   /* it is under way */
};

/* How far a done order is. */
enum {
    TICKPIPE_SIM_STATUS_NONE = 0,
    TICKPIPE_SIM_STATUS_FILLED = 1,
    TICKPIPE_SIM_STATUS_PARTIAL = 2,
    TICKPIPE_SIM_STATUS_PLACED = 3
};

/* MQL5's ENUM_ORDER_STATE. */
enum {
    TICKPIPE_SIM_STATE_PLACED = 1,
    TICKPIPE_SIM_STATE_CANCELED = 2,
    TICKPIPE_SIM_STATE_PARTIAL = 3,
    TICKPIPE_SIM_STATE_FILLED = 4,
    TICKPIPE_SIM_STATE_REJECTED = 5,
    TICKPIPE_SIM_STATE_EXPIRED = 6
};

/* MQL5's ENUM_DEAL_TYPE up to credit; then anything else that moves money only. */
enum {
    TICKPIPE_SIM_DEAL_BUY = 0,
    TICKPIPE_SIM_DEAL_SELL = 1,
    TICKPIPE_SIM_DEAL_BALANCE = 2,
    TICKPIPE_SIM_DEAL_CREDIT = 3,
    TICKPIPE_SIM_DEAL_OTHER = 4
};

/* MQL5's ENUM_DEAL_ENTRY. */
enum {
    TICKPIPE_SIM_ENTRY_NONE = -1, /* a deal that moves money only */
    TICKPIPE_SIM_ENTRY_IN = 0,
    TICKPIPE_SIM_ENTRY_OUT = 1,
    TICKPIPE_SIM_ENTRY_INOUT = 2,
    TICKPIPE_SIM_ENTRY_OUT_BY = 3
};

/* MQL5's ENUM_ACCOUNT_MARGIN_MODE. */
enum {
    TICKPIPE_SIM_MARGIN_NETTING = 0,
    TICKPIPE_SIM_MARGIN_HEDGING = 2
};

/* MQL5's ENUM_SYMBOL_TRADE_MODE. */
enum {
    TICKPIPE_SIM_TRADE_DISABLED = 0,
    TICKPIPE_SIM_TRADE_LONG_ONLY = 1,
    TICKPIPE_SIM_TRADE_SHORT_ONLY = 2,
    TICKPIPE_SIM_TRADE_CLOSE_ONLY = 3,
    TICKPIPE_SIM_TRADE_FULL = 4
};

/* What an event is, and which member of it holds. */
enum {
    TICKPIPE_SIM_EVENT_NONE = 0,    /* nothing has happened */
    TICKPIPE_SIM_EVENT_TRADE = 1,   /* trade: something happened to an order, a deal or a position */
    TICKPIPE_SIM_EVENT_ACCOUNT = 2, /* account: the books changed otherwise than by a price */
    TICKPIPE_SIM_EVENT_RESULT = 3   /* result: an order that was submitted has its answer */
};

/* What happened in a trade event. */
enum {
    TICKPIPE_SIM_KIND_NONE = 0,
    TICKPIPE_SIM_KIND_ORDER_ADD = 1,
    TICKPIPE_SIM_KIND_ORDER_UPDATE = 2,
    TICKPIPE_SIM_KIND_ORDER_DELETE = 3,
    TICKPIPE_SIM_KIND_DEAL_ADD = 4,
    TICKPIPE_SIM_KIND_POSITION_OPEN = 5,
    TICKPIPE_SIM_KIND_POSITION_UPDATE = 6,
    TICKPIPE_SIM_KIND_POSITION_CLOSE = 7
};

/* Bytes of texts in structs, the zero at their end included. */
#define TICKPIPE_SIM_NAME_LEN 72         /* a symbol or a comment, both of at most 64 bytes */
#define TICKPIPE_SIM_CLIENT_ID_LEN 24    /* at most 16 of 0-9 A-Z a-z _ - */
#define TICKPIPE_SIM_MESSAGE_LEN 256     /* a text for people */
#define TICKPIPE_SIM_CURRENCY_LEN 16     /* such as USD */
#define TICKPIPE_SIM_DESCRIPTION_LEN 128 /* what a symbol is */

/* An open broker; 0 is none. */
typedef uint64_t tickpipe_sim;

/* An exact number: units / 10^digits, so 114543 and 5 for 1.14543. At most 8 digits, and 18 digits in all.
 * Volumes are lots, money is in the account's currency. Not set (zeros) is "none": a level that is not there, a
 * price that was not told, a change that is not wanted. In a request a price of zero is MetaTrader's "none";
 * with TICKPIPE_SIM_ACTION_MODIFY a level of zero removes the level, and one that is not set stays. */
typedef struct tickpipe_sim_decimal {
    int64_t units;
    uint32_t digits;
    uint32_t is_set; /* 1, or 0 for none */
} tickpipe_sim_decimal;

/* What a broker is opened with. Texts are as docs/simulation.md has them, at most 4096 bytes each. */
typedef struct tickpipe_sim_config {
    uint32_t size;
    uint32_t symbol_count;      /* at most 1024 */
    const char *account;        /* "balance=10000,leverage=100,mode=netting"; null for the defaults */
    const char *const *symbols; /* "EURUSD", "XAUUSD:commission=3.5", each once */
    const char *slippage;       /* points: "none", "2", "0..5"; null for none */
    const char *latency;        /* milliseconds: "none", "80", "50..200"; null for none */
    uint64_t seed;              /* where what is drawn begins */
} tickpipe_sim_config;

/* An order. */
typedef struct tickpipe_sim_request {
    uint32_t size;
    int32_t action;           /* TICKPIPE_SIM_ACTION_... */
    int32_t type;             /* TICKPIPE_SIM_TYPE_... */
    int32_t filling;          /* TICKPIPE_SIM_FILLING_... */
    uint32_t has_expiration;  /* 1 if expiration holds; with a change, 0 leaves it */
    uint32_t reserved;
    uint64_t ticket;
    uint64_t by_ticket;
    int64_t magic;            /* 0 for none */
    int64_t expiration;       /* seconds since 1970 of the trade server's clock; 0 until cancelled */
    int64_t deviation_points; /* largest accepted change of the price, with instant execution; below 0 for any */
    tickpipe_sim_decimal volume;
    tickpipe_sim_decimal price;
    tickpipe_sim_decimal stop_limit; /* the limit of a stop-limit order */
    tickpipe_sim_decimal stop_loss;
    tickpipe_sim_decimal take_profit;
    char symbol[TICKPIPE_SIM_NAME_LEN];
    char comment[TICKPIPE_SIM_NAME_LEN];
    char client_id[TICKPIPE_SIM_CLIENT_ID_LEN]; /* names the order for ever; empty for one that is made: c-1, c-2 */
} tickpipe_sim_request;

/* What became of an order. Tickets that there are not are 0. */
typedef struct tickpipe_sim_result {
    uint32_t size;
    int32_t outcome;  /* TICKPIPE_SIM_OUTCOME_... */
    uint32_t retcode; /* MQL5's TRADE_RETCODE_... */
    int32_t status;   /* TICKPIPE_SIM_STATUS_... */
    uint64_t order;
    uint64_t deal;
    uint64_t position;
    tickpipe_sim_decimal volume; /* filled, or placed */
    tickpipe_sim_decimal price;  /* at which */
    tickpipe_sim_decimal bid;    /* at that moment */
    tickpipe_sim_decimal ask;
    uint32_t is_retryable;       /* 1 if the same may be sent again later, under a new client_id */
    uint32_t reserved;
    char client_id[TICKPIPE_SIM_CLIENT_ID_LEN];
    char message[TICKPIPE_SIM_MESSAGE_LEN];
} tickpipe_sim_result;

/* What an order would come to. */
typedef struct tickpipe_sim_check {
    uint32_t size;
    uint32_t retcode; /* 0 for an order that would pass, as MQL5's OrderCheck */
    tickpipe_sim_decimal balance;
    tickpipe_sim_decimal equity;
    tickpipe_sim_decimal margin; /* with the order */
    tickpipe_sim_decimal margin_free;
    char message[TICKPIPE_SIM_MESSAGE_LEN];
} tickpipe_sim_check;

/* An open position. */
typedef struct tickpipe_sim_position {
    uint32_t size;
    int32_t type;     /* buy or sell */
    uint64_t ticket;
    int64_t magic;    /* 0 for none */
    int64_t time_msc; /* when it was opened */
    tickpipe_sim_decimal volume;
    tickpipe_sim_decimal price_open;    /* an average may have more digits than the symbol */
    tickpipe_sim_decimal price_current; /* at which it would be closed */
    tickpipe_sim_decimal stop_loss;
    tickpipe_sim_decimal take_profit;
    tickpipe_sim_decimal profit;        /* without swap */
    tickpipe_sim_decimal swap;
    char symbol[TICKPIPE_SIM_NAME_LEN];
    char comment[TICKPIPE_SIM_NAME_LEN];
    char client_id[TICKPIPE_SIM_CLIENT_ID_LEN];
} tickpipe_sim_position;

/* An order that waits, or one that is over. */
typedef struct tickpipe_sim_order {
    uint32_t size;
    int32_t type;
    int32_t state;          /* TICKPIPE_SIM_STATE_... */
    uint32_t reserved;
    uint64_t ticket;
    int64_t magic;
    int64_t time_setup_msc;
    int64_t expiration;     /* seconds since 1970; 0 until cancelled */
    tickpipe_sim_decimal volume; /* still open; not set if nothing is */
    tickpipe_sim_decimal price;
    tickpipe_sim_decimal stop_limit;
    tickpipe_sim_decimal stop_loss;
    tickpipe_sim_decimal take_profit;
    char symbol[TICKPIPE_SIM_NAME_LEN];
    char comment[TICKPIPE_SIM_NAME_LEN];
    char client_id[TICKPIPE_SIM_CLIENT_ID_LEN];
} tickpipe_sim_order;

/* A deal. */
typedef struct tickpipe_sim_deal {
    uint32_t size;
    int32_t type;      /* TICKPIPE_SIM_DEAL_... */
    int32_t entry;     /* TICKPIPE_SIM_ENTRY_... */
    uint32_t reserved;
    uint64_t ticket;
    uint64_t order;    /* 0 for a deal that moves money only, and so are position, volume, price */
    uint64_t position;
    int64_t magic;
    int64_t time_msc;  /* 0 for the deposit */
    tickpipe_sim_decimal volume;
    tickpipe_sim_decimal price;
    tickpipe_sim_decimal profit;
    tickpipe_sim_decimal swap;
    tickpipe_sim_decimal commission; /* below zero for what the broker took */
    char symbol[TICKPIPE_SIM_NAME_LEN];
    char comment[TICKPIPE_SIM_NAME_LEN];
    char client_id[TICKPIPE_SIM_CLIENT_ID_LEN];
} tickpipe_sim_deal;

/* The account and its books. */
typedef struct tickpipe_sim_account {
    uint32_t size;
    int32_t margin_mode;       /* TICKPIPE_SIM_MARGIN_... */
    uint32_t leverage;         /* 100 for 1:100 */
    uint32_t currency_digits;  /* of all money */
    uint32_t is_margin_called; /* 1 while equity is below the level of a margin call */
    uint32_t reserved;
    tickpipe_sim_decimal balance;
    tickpipe_sim_decimal equity;
    tickpipe_sim_decimal margin;
    tickpipe_sim_decimal margin_free;
    tickpipe_sim_decimal profit; /* of open positions, their swaps included */
    char currency[TICKPIPE_SIM_CURRENCY_LEN];
} tickpipe_sim_account;

/* A symbol and its last tick. */
typedef struct tickpipe_sim_symbol {
    uint32_t size;
    uint32_t digits;      /* of its prices */
    int32_t trade_mode;   /* TICKPIPE_SIM_TRADE_... */
    uint32_t filling;     /* a set of 1 << TICKPIPE_SIM_FILLING_... */
    int64_t stops_level;  /* points */
    int64_t freeze_level; /* points */
    int64_t time_msc;     /* of the last tick; 0 before the first, when bid and ask are not set */
    tickpipe_sim_decimal bid;
    tickpipe_sim_decimal ask;
    tickpipe_sim_decimal tick_size;
    tickpipe_sim_decimal tick_value; /* not set where it follows from the price */
    tickpipe_sim_decimal contract_size;
    tickpipe_sim_decimal volume_min;
    tickpipe_sim_decimal volume_max;
    tickpipe_sim_decimal volume_step;
    tickpipe_sim_decimal swap_long;
    tickpipe_sim_decimal swap_short;
    char symbol[TICKPIPE_SIM_NAME_LEN];
    char description[TICKPIPE_SIM_DESCRIPTION_LEN];
    char currency_base[TICKPIPE_SIM_CURRENCY_LEN];
    char currency_profit[TICKPIPE_SIM_CURRENCY_LEN];
    char currency_margin[TICKPIPE_SIM_CURRENCY_LEN];
} tickpipe_sim_symbol;

/* Something that happened to an order, a deal or a position. Tickets that there are not are 0. */
typedef struct tickpipe_sim_trade {
    uint32_t size;
    int32_t kind; /* TICKPIPE_SIM_KIND_... */
    int32_t type; /* TICKPIPE_SIM_TYPE_... */
    uint32_t reserved;
    uint64_t order;
    uint64_t deal;
    uint64_t position;
    int64_t magic;
    int64_t time_msc;
    tickpipe_sim_decimal volume;
    tickpipe_sim_decimal price;
    tickpipe_sim_decimal stop_loss;
    tickpipe_sim_decimal take_profit;
    tickpipe_sim_decimal profit;
    char symbol[TICKPIPE_SIM_NAME_LEN];
    char comment[TICKPIPE_SIM_NAME_LEN];
    char client_id[TICKPIPE_SIM_CLIENT_ID_LEN];
} tickpipe_sim_trade;

/* Something that happened. Only its own size is to be set; those inside are written. */
typedef struct tickpipe_sim_event {
    uint32_t size;
    int32_t kind; /* TICKPIPE_SIM_EVENT_... */
    tickpipe_sim_trade trade;
    tickpipe_sim_account account;
    tickpipe_sim_result result;
} tickpipe_sim_event;

/* Returns the version of the library; another than TICKPIPE_SIM_VERSION belongs to another header. */
uint32_t tickpipe_sim_version(void);

/* Opens an account at a broker, and writes its number. The deposit is its first deal.
 * The text of an error is that of tickpipe_sim_last_error(0, ...). */
int32_t tickpipe_sim_open(const tickpipe_sim_config *config, tickpipe_sim *broker);

/* Forgets a broker and all of its books. A second time is TICKPIPE_SIM_ERROR_HANDLE. */
int32_t tickpipe_sim_free(tickpipe_sim broker);

/* Writes the text of the last call about this broker that failed, on whichever thread; for 0, and for a broker
 * that is not open, of this thread's last call that failed without one. Empty if none did. It stays until the next.
 * At most `len` bytes are written, the zero at the end included; `len` may be 0, then nothing is and `text` may be
 * null. Returns how many bytes the whole text has without its zero, or an error below zero. */
int32_t tickpipe_sim_last_error(tickpipe_sim broker, char *text, size_t len);

/* Takes a tick: time passes up to it, its prices hold, and what they set off happens.
 * `bid` and `ask` are points with the symbol's digits, above zero and below 10^12. `time_msc`: see above. */
int32_t tickpipe_sim_handle_tick(tickpipe_sim broker, const char *symbol, int64_t time_msc, int64_t bid, int64_t ask);

/* Lets time pass without a tick: orders expire, nights are booked, submitted orders arrive. */
int32_t tickpipe_sim_handle_time(tickpipe_sim broker, int64_t now_msc);

/* Writes the time that was reached; INT64_MIN before the first tick, time or order. */
int32_t tickpipe_sim_now(tickpipe_sim broker, int64_t *now_msc);

/* Writes when something happens by itself, an order's expiration or the arrival of one that was submitted;
 * INT64_MAX for never. */
int32_t tickpipe_sim_next_time(tickpipe_sim broker, int64_t *next_msc);

/* Sends an order that takes no time, whatever the latency; time passes up to `now_msc`. The result of one that
 * comes again under its client_id is the first one's, and nothing is done twice.
 * TICKPIPE_SIM_ERROR_REQUEST and TICKPIPE_SIM_ERROR_TEXT: what no order can be, such as a volume of zero; it was
 * not sent, and the result is written: rejected, with the code that a terminal has for it.
 * TICKPIPE_SIM_ERROR_CLIENT_ID: another order has this client_id; time has passed all the same. */
int32_t tickpipe_sim_order_send(tickpipe_sim broker, int64_t now_msc, const tickpipe_sim_request *request,
    tickpipe_sim_result *result);

/* Sends an order that is under way as long as the latency says, and writes when it arrives. It is carried out
 * once time has passed that far, at the prices of then; its result comes as an event. */
int32_t tickpipe_sim_order_submit(tickpipe_sim broker, int64_t now_msc, const tickpipe_sim_request *request,
    int64_t *due_msc);

/* Says what an order would come to, and does nothing but let time pass up to `now_msc`. What no order can be is
 * an error and written as with tickpipe_sim_order_send. */
int32_t tickpipe_sim_order_check(tickpipe_sim broker, int64_t now_msc, const tickpipe_sim_request *request,
    tickpipe_sim_check *check);

/* Writes what became of the order of this name, once it is answered; before, and for a name that nobody gave,
 * TICKPIPE_SIM_ERROR_NOT_FOUND. 1,024 names at least, and all of the last day, are kept. */
int32_t tickpipe_sim_order_status(tickpipe_sim broker, const char *client_id, tickpipe_sim_result *result);

/* Writes the account and its books. */
int32_t tickpipe_sim_account_info(tickpipe_sim broker, tickpipe_sim_account *info);

/* Symbols by name, or by index in rising order of the bytes of their names. */
int32_t tickpipe_sim_symbol_info(tickpipe_sim broker, const char *symbol, tickpipe_sim_symbol *info);
int32_t tickpipe_sim_symbols_total(tickpipe_sim broker, uint64_t *count);
int32_t tickpipe_sim_symbol_at(tickpipe_sim broker, uint64_t index, tickpipe_sim_symbol *info);

/* Open positions and pending orders, by rising tickets. An index holds until the next tick, time or order. */
int32_t tickpipe_sim_positions_total(tickpipe_sim broker, uint64_t *count);
int32_t tickpipe_sim_position_at(tickpipe_sim broker, uint64_t index, tickpipe_sim_position *position);
int32_t tickpipe_sim_orders_total(tickpipe_sim broker, uint64_t *count);
int32_t tickpipe_sim_order_at(tickpipe_sim broker, uint64_t index, tickpipe_sim_order *order);

/* Orders that are over, in the order in which they ended, and deals by rising tickets. Both only grow. */
int32_t tickpipe_sim_history_orders_total(tickpipe_sim broker, uint64_t *count);
int32_t tickpipe_sim_history_order_at(tickpipe_sim broker, uint64_t index, tickpipe_sim_order *order);
int32_t tickpipe_sim_history_deals_total(tickpipe_sim broker, uint64_t *count);
int32_t tickpipe_sim_history_deal_at(tickpipe_sim broker, uint64_t index, tickpipe_sim_deal *deal);

/* Takes the next event, in the order in which they happened; TICKPIPE_SIM_EVENT_NONE if there is none. Events that
 * nobody takes are kept. */
int32_t tickpipe_sim_poll_event(tickpipe_sim broker, tickpipe_sim_event *event);

/* Closes all positions at the last prices and takes back all pending orders, with the comment "end of test". */
int32_t tickpipe_sim_close_all(tickpipe_sim broker);

/* Ends the trading: from now on every order is rejected with 10018, market closed. */
int32_t tickpipe_sim_close_market(tickpipe_sim broker);

/* Reads a number such as "0.10" or "-12.50": digits, at most one point, no exponent. */
int32_t tickpipe_sim_decimal_parse(const char *text, tickpipe_sim_decimal *decimal);

/* Writes a number as text with all its digits, nothing for none; 24 bytes are enough for any. Returns as
 * tickpipe_sim_last_error does. */
int32_t tickpipe_sim_decimal_print(const tickpipe_sim_decimal *decimal, char *text, size_t len);

/* Takes a double for the number of `digits` digits that it stands for: within 1e-6 of one of the last digit, or
 * it is TICKPIPE_SIM_ERROR_VALUE. For MQL's doubles; what is calculated with them is no longer exact. */
int32_t tickpipe_sim_decimal_from_double(double value, uint32_t digits, tickpipe_sim_decimal *decimal);

/* Writes the nearest double; 0 for none. */
int32_t tickpipe_sim_decimal_to_double(const tickpipe_sim_decimal *decimal, double *value);

#ifdef __cplusplus
}
#endif

#endif

/* Trades a short story with the simulated broker, through tickpipe_sim.h: sim_broker
 *
 * First it does everything wrong that a caller can do and that can be seen, and ends with 1 if anything else than
 * the stated error comes. Then it trades and prints what comes of it, event by event, and in the end the
 * books; `sim_broker.txt` has what that must be. The money is worked out beside the story.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tickpipe_sim.h"

/* 2019-02-04 00:00, a Monday. */
#define MONDAY INT64_C(1549238400000)

_Static_assert(sizeof(tickpipe_sim_decimal) == 16, "layout");
_Static_assert(sizeof(tickpipe_sim_config) == 48, "layout");
_Static_assert(sizeof(tickpipe_sim_request) == 312, "layout");
_Static_assert(sizeof(tickpipe_sim_result) == 392, "layout");
_Static_assert(sizeof(tickpipe_sim_check) == 328, "layout");
_Static_assert(sizeof(tickpipe_sim_position) == 312, "layout");
_Static_assert(sizeof(tickpipe_sim_order) == 296, "layout");
_Static_assert(sizeof(tickpipe_sim_deal) == 304, "layout");
_Static_assert(sizeof(tickpipe_sim_account) == 120, "layout");
_Static_assert(sizeof(tickpipe_sim_symbol) == 448, "layout");
_Static_assert(sizeof(tickpipe_sim_trade) == 304, "layout");
_Static_assert(sizeof(tickpipe_sim_event) == 824, "layout");

/* Ends the program unless it holds. */
#define CHECK(holds)                                                                                 \
    do {                                                                                             \
        if (!(holds)) {                                                                              \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);               \
            exit(1);                                                                                 \
        }                                                                                            \
    } while (0)

/* Makes a struct of zeros that says its size. */
#define NEW(type, name)                                                                              \
    type name;                                                                                       \
    memset(&name, 0, sizeof name);                                                                   \
    name.size = (uint32_t)sizeof name

static void must(tickpipe_sim broker, int32_t code, int line) {
    char text[512];
    if (code >= 0) {
        return;
    }
    tickpipe_sim_last_error(broker, text, sizeof text);
    fprintf(stderr, "%s:%d: error %d: %s\n", __FILE__, line, (int)code, text);
    exit(1);
}
#define MUST(broker, call) must(broker, call, __LINE__)

/* Whether a call failed with this error, and its text holds these words. */
static int fails(tickpipe_sim broker, int32_t code, int32_t expected, const char *words) {
    char text[512];
    int32_t len = tickpipe_sim_last_error(broker, text, sizeof text);
    if (code == expected && len > 0 && strstr(text, words) != NULL) {
        return 1;
    }
    fprintf(stderr, "error %d and not %d, with the text: %s\n", (int)code, (int)expected, text);
    return 0;
}

static tickpipe_sim_decimal number(const char *text) {
    tickpipe_sim_decimal decimal;
    MUST(0, tickpipe_sim_decimal_parse(text, &decimal));
    return decimal;
}

/* A number as text, `-` for none; good until the ninth call after it. */
static const char *shown(tickpipe_sim_decimal decimal) {
    static char texts[9][32];
    static unsigned at;
    char *text = texts[at++ % 9];
    int32_t len = tickpipe_sim_decimal_print(&decimal, text, sizeof texts[0]);
    MUST(0, len);
    return len == 0 ? "-" : text;
}

static tickpipe_sim open_broker(const char *account, const char *symbol, const char *latency) {
    const char *symbols[] = {symbol, "USDJPY"};
    tickpipe_sim broker = 0;
    NEW(tickpipe_sim_config, config);
    config.account = account;
    config.symbols = symbols;
    config.symbol_count = 2;
    config.latency = latency;
    config.seed = 7;
    MUST(0, tickpipe_sim_open(&config, &broker));
    CHECK(broker != 0);
    return broker;
}

/* What is wrong at the opening. */
static void open_wrong(void) {
    const char *symbols[] = {"EURUSD:colour=red"};
    const char *broken[] = {"EUR\xff"};
    tickpipe_sim broker = 0;
    NEW(tickpipe_sim_config, config);
    CHECK(fails(0, tickpipe_sim_open(NULL, &broker), TICKPIPE_SIM_ERROR_ADDRESS, "tickpipe_sim_config is null"));
    CHECK(fails(0, tickpipe_sim_open(&config, NULL), TICKPIPE_SIM_ERROR_ADDRESS, "broker is null"));
    config.size -= 8;
    CHECK(fails(0, tickpipe_sim_open(&config, &broker), TICKPIPE_SIM_ERROR_SIZE, "expected 48"));
    config.size += 8;
    config.symbol_count = 1;
    CHECK(fails(0, tickpipe_sim_open(&config, &broker), TICKPIPE_SIM_ERROR_ADDRESS, "symbols is null"));
    config.symbols = symbols;
    CHECK(fails(0, tickpipe_sim_open(&config, &broker), TICKPIPE_SIM_ERROR_SETTING, "colour"));
    config.symbols = broken;
    CHECK(fails(0, tickpipe_sim_open(&config, &broker), TICKPIPE_SIM_ERROR_TEXT, "UTF-8"));
    config.symbol_count = 0;
    config.account = "balance=much";
    CHECK(fails(0, tickpipe_sim_open(&config, &broker), TICKPIPE_SIM_ERROR_SETTING, "balance: found `much`"));
    config.account = NULL;
    config.slippage = "some";
    CHECK(fails(0, tickpipe_sim_open(&config, &broker), TICKPIPE_SIM_ERROR_SETTING, "slippage"));
    CHECK(broker == 0);
}

/* What is wrong with an open broker, and with one that is open no more. */
static void use_wrong(void) {
    tickpipe_sim broker = open_broker(NULL, "EURUSD", NULL);
    uint64_t count = 0;
    char text[8];
    NEW(tickpipe_sim_request, request);
    NEW(tickpipe_sim_result, result);
    NEW(tickpipe_sim_position, position);
    NEW(tickpipe_sim_symbol, symbol);
    NEW(tickpipe_sim_event, event);
    CHECK(tickpipe_sim_last_error(broker, NULL, 0) == 0);
    CHECK(fails(broker, tickpipe_sim_handle_tick(broker, "GBPUSD", MONDAY, 1, 1), TICKPIPE_SIM_ERROR_SYMBOL, "GBPUSD"));
    CHECK(fails(broker, tickpipe_sim_handle_tick(broker, NULL, MONDAY, 1, 1), TICKPIPE_SIM_ERROR_ADDRESS, "symbol"));
    CHECK(fails(broker, tickpipe_sim_handle_tick(broker, "EURUSD", MONDAY, 0, 1), TICKPIPE_SIM_ERROR_VALUE, "bid"));
    CHECK(fails(broker, tickpipe_sim_handle_tick(broker, "EURUSD", -1, 1, 1), TICKPIPE_SIM_ERROR_VALUE, "time_msc"));
    CHECK(fails(broker, tickpipe_sim_handle_time(broker, INT64_MAX), TICKPIPE_SIM_ERROR_VALUE, "now_msc"));
    CHECK(fails(broker, tickpipe_sim_position_at(broker, 0, &position), TICKPIPE_SIM_ERROR_INDEX, "less than 0"));
    CHECK(fails(broker, tickpipe_sim_positions_total(broker, NULL), TICKPIPE_SIM_ERROR_ADDRESS, "count"));
    CHECK(fails(broker, tickpipe_sim_symbol_info(broker, "X", &symbol), TICKPIPE_SIM_ERROR_SYMBOL, "X"));
    CHECK(fails(broker, tickpipe_sim_order_status(broker, "none", &result), TICKPIPE_SIM_ERROR_NOT_FOUND, "none"));
    event.size = 1;
    CHECK(fails(broker, tickpipe_sim_poll_event(broker, &event), TICKPIPE_SIM_ERROR_SIZE, "size 1"));

    CHECK(fails(broker, tickpipe_sim_order_send(broker, MONDAY, NULL, &result), TICKPIPE_SIM_ERROR_ADDRESS, "request"));
    CHECK(fails(broker, tickpipe_sim_order_send(broker, MONDAY, &request, &result), TICKPIPE_SIM_ERROR_REQUEST,
        "action"));
    CHECK(result.outcome == TICKPIPE_SIM_OUTCOME_REJECTED && result.retcode == 10013);
    request.action = TICKPIPE_SIM_ACTION_MARKET;
    strcpy(request.symbol, "EURUSD");
    request.volume = number("0");
    CHECK(fails(broker, tickpipe_sim_order_send(broker, MONDAY, &request, &result), TICKPIPE_SIM_ERROR_REQUEST,
        "volume is 0"));
    CHECK(result.retcode == 10014);
    request.volume = number("0.10");
    memset(request.comment, 'x', sizeof request.comment);
    CHECK(fails(broker, tickpipe_sim_order_send(broker, MONDAY, &request, &result), TICKPIPE_SIM_ERROR_TEXT,
        "without an end"));

    /* A text that does not fit is cut, and its whole length told. */
    CHECK(tickpipe_sim_last_error(broker, text, sizeof text) > (int32_t)sizeof text);
    CHECK(strcmp(text, "comment") == 0);

    MUST(broker, tickpipe_sim_free(broker));
    CHECK(fails(0, tickpipe_sim_free(broker), TICKPIPE_SIM_ERROR_HANDLE, "freed"));
    CHECK(fails(broker, tickpipe_sim_positions_total(broker, &count), TICKPIPE_SIM_ERROR_HANDLE, "not open"));
    CHECK(fails(0, tickpipe_sim_close_all(0), TICKPIPE_SIM_ERROR_HANDLE, "broker 0"));
}

static void decimals(void) {
    tickpipe_sim_decimal decimal;
    double value = 0;
    CHECK(fails(0, tickpipe_sim_decimal_parse("1e5", &decimal), TICKPIPE_SIM_ERROR_VALUE, "1e5"));
    MUST(0, tickpipe_sim_decimal_from_double(1.14543, 5, &decimal));
    CHECK(decimal.units == 114543 && decimal.digits == 5 && decimal.is_set == 1);
    MUST(0, tickpipe_sim_decimal_to_double(&decimal, &value));
    CHECK(value == 1.14543);
    CHECK(fails(0, tickpipe_sim_decimal_from_double(1.145432, 5, &decimal), TICKPIPE_SIM_ERROR_VALUE, "5 decimals"));
    decimal.digits = 9;
    CHECK(fails(0, tickpipe_sim_decimal_to_double(&decimal, &value), TICKPIPE_SIM_ERROR_VALUE, "9 decimals"));
}

/* The story's broker. */
static tickpipe_sim broker;

static void events(void) {
    NEW(tickpipe_sim_event, event);
    for (;;) {
        MUST(broker, tickpipe_sim_poll_event(broker, &event));
        if (event.kind == TICKPIPE_SIM_EVENT_NONE) {
            return;
        }
        if (event.kind == TICKPIPE_SIM_EVENT_TRADE) {
            const tickpipe_sim_trade *trade = &event.trade;
            printf("  trade %d: order %d deal %d position %d, type %d, %s at %s\n", trade->kind, (int)trade->order,
                (int)trade->deal, (int)trade->position, trade->type, shown(trade->volume), shown(trade->price));
        } else if (event.kind == TICKPIPE_SIM_EVENT_ACCOUNT) {
            printf("  account: balance %s equity %s\n", shown(event.account.balance), shown(event.account.equity));
        } else {
            printf("  result: %s %u\n", event.result.client_id, event.result.retcode);
        }
    }
}

static void tick(int64_t at_s, int64_t bid, int64_t ask) {
    printf("tick %d: %d %d\n", (int)at_s, (int)bid, (int)ask);
    MUST(broker, tickpipe_sim_handle_tick(broker, "EURUSD", MONDAY + at_s * 1000, bid, ask));
    events();
}

static void print_result(const tickpipe_sim_result *result) {
    printf("order %s: outcome %d retcode %u, order %d deal %d position %d, %s at %s\n", result->client_id,
        result->outcome, result->retcode, (int)result->order, (int)result->deal, (int)result->position,
        shown(result->volume), shown(result->price));
}

static void send_order(int64_t at_s, tickpipe_sim_request *request, const char *client_id) {
    NEW(tickpipe_sim_result, result);
    strcpy(request->client_id, client_id);
    MUST(broker, tickpipe_sim_order_send(broker, MONDAY + at_s * 1000, request, &result));
    print_result(&result);
    events();
}

static void print_books(void) {
    uint64_t count = 0;
    NEW(tickpipe_sim_account, account);
    NEW(tickpipe_sim_position, position);
    NEW(tickpipe_sim_order, order);
    NEW(tickpipe_sim_deal, deal);
    MUST(broker, tickpipe_sim_account_info(broker, &account));
    printf("account: balance %s equity %s margin %s free %s profit %s %s\n", shown(account.balance),
        shown(account.equity), shown(account.margin), shown(account.margin_free), shown(account.profit),
        account.currency);
    MUST(broker, tickpipe_sim_positions_total(broker, &count));
    for (uint64_t index = 0; index < count; ++index) {
        MUST(broker, tickpipe_sim_position_at(broker, index, &position));
        printf("position %d: type %d %s %s at %s now %s, sl %s tp %s, profit %s swap %s, magic %d `%s` %s\n",
            (int)position.ticket, position.type, position.symbol, shown(position.volume), shown(position.price_open),
            shown(position.price_current), shown(position.stop_loss), shown(position.take_profit),
            shown(position.profit), shown(position.swap), (int)position.magic, position.comment, position.client_id);
    }
    MUST(broker, tickpipe_sim_orders_total(broker, &count));
    for (uint64_t index = 0; index < count; ++index) {
        MUST(broker, tickpipe_sim_order_at(broker, index, &order));
        printf("pending %d: type %d state %d %s at %s, sl %s tp %s\n", (int)order.ticket, order.type, order.state,
            shown(order.volume), shown(order.price), shown(order.stop_loss), shown(order.take_profit));
    }
    MUST(broker, tickpipe_sim_history_orders_total(broker, &count));
    for (uint64_t index = 0; index < count; ++index) {
        MUST(broker, tickpipe_sim_history_order_at(broker, index, &order));
        printf("order %d: type %d state %d %s at %s, `%s`\n", (int)order.ticket, order.type, order.state,
            shown(order.volume), shown(order.price), order.comment);
    }
    MUST(broker, tickpipe_sim_history_deals_total(broker, &count));
    for (uint64_t index = 0; index < count; ++index) {
        MUST(broker, tickpipe_sim_history_deal_at(broker, index, &deal));
        printf("deal %d: type %d entry %d order %d position %d, %s at %s, profit %s swap %s commission %s, `%s`\n",
            (int)deal.ticket, deal.type, deal.entry, (int)deal.order, (int)deal.position, shown(deal.volume),
            shown(deal.price), shown(deal.profit), shown(deal.swap), shown(deal.commission), deal.comment);
    }
}

static void begin(void) {
    uint64_t count = 0;
    int64_t time = 0;
    NEW(tickpipe_sim_symbol, symbol);
    NEW(tickpipe_sim_symbol, first);
    MUST(broker, tickpipe_sim_symbols_total(broker, &count));
    MUST(broker, tickpipe_sim_symbol_at(broker, 0, &first));
    MUST(broker, tickpipe_sim_symbol_info(broker, "EURUSD", &symbol));
    CHECK(count == 2 && strcmp(first.symbol, "EURUSD") == 0);
    CHECK(symbol.digits == 5 && symbol.bid.is_set == 0 && symbol.trade_mode == TICKPIPE_SIM_TRADE_FULL);
    CHECK(strcmp(symbol.currency_base, "EUR") == 0 && strcmp(shown(symbol.contract_size), "100000") == 0);
    CHECK(symbol.filling & (1u << TICKPIPE_SIM_FILLING_FOK));
    MUST(broker, tickpipe_sim_now(broker, &time));
    CHECK(time == INT64_MIN);
    MUST(broker, tickpipe_sim_next_time(broker, &time));
    CHECK(time == INT64_MAX);
}

/* A purchase whose volume is wrong first, that is checked, and then stopped out of in two parts. */
static void buy_and_stop(void) {
    NEW(tickpipe_sim_request, buy);
    NEW(tickpipe_sim_request, change);
    NEW(tickpipe_sim_check, check);
    NEW(tickpipe_sim_result, again);
    buy.action = TICKPIPE_SIM_ACTION_MARKET;
    buy.type = TICKPIPE_SIM_TYPE_BUY;
    strcpy(buy.symbol, "EURUSD");
    buy.volume = number("0.015");
    buy.stop_loss = number("1.14443");
    buy.magic = 42;
    strcpy(buy.comment, "story");
    tick(1, 114543, 114545);
    send_order(2, &buy, "wrong-volume");
    buy.volume = number("100");
    MUST(broker, tickpipe_sim_order_check(broker, MONDAY + 2000, &buy, &check));
    printf("check: %u\n", check.retcode);
    /* 0.10 lots are 10,000: commission 0.35; margin 10,000 x 1.14545 / 100 = 114.545. */
    buy.volume = number("0.10");
    MUST(broker, tickpipe_sim_order_check(broker, MONDAY + 2000, &buy, &check));
    printf("check: %u, margin %s free %s\n", check.retcode, shown(check.margin), shown(check.margin_free));
    send_order(2, &buy, "buy");
    MUST(broker, tickpipe_sim_order_status(broker, "buy", &again));
    print_result(&again);
    print_books();
    /* 55 points are 5.50. */
    tick(3, 114600, 114602);
    change.action = TICKPIPE_SIM_ACTION_MODIFY;
    change.ticket = again.position;
    change.stop_loss = number("1.14500");
    send_order(4, &change, "trail");
    /* 0.04 at 55 points: 2.20, commission 0.14. */
    change.action = TICKPIPE_SIM_ACTION_CLOSE;
    change.volume = number("0.04");
    send_order(5, &change, "part");
    /* The stop at 1.14500 is filled at 1.14490: 0.06 at -55 points are -3.30, commission 0.21. */
    tick(6, 114490, 114492);
}

/* Pending orders: one filled, one taken back, one that expires; one that was submitted. */
static void wait_and_end(void) {
    int64_t time = 0;
    NEW(tickpipe_sim_request, order);
    NEW(tickpipe_sim_result, result);
    order.action = TICKPIPE_SIM_ACTION_PENDING;
    order.type = TICKPIPE_SIM_TYPE_BUY_LIMIT;
    strcpy(order.symbol, "EURUSD");
    order.volume = number("0.20");
    order.price = number("1.14400");
    order.take_profit = number("1.14600");
    send_order(7, &order, "limit");
    order.price = number("1.14000");
    send_order(7, &order, "deep");
    order.has_expiration = 1;
    order.expiration = MONDAY / 1000 + 60;
    send_order(7, &order, "expires");
    MUST(broker, tickpipe_sim_next_time(broker, &time));
    CHECK(time == MONDAY + 60 * 1000);
    /* Filled at 1.14399, sold at 1.14601: 0.20 at 202 points are 40.40, commissions 1.40. */
    tick(8, 114397, 114399);
    tick(9, 114601, 114603);
    MUST(broker, tickpipe_sim_handle_time(broker, MONDAY + 61 * 1000));
    events();
    order.action = TICKPIPE_SIM_ACTION_DELETE;
    order.ticket = 5;
    send_order(62, &order, "delete");

    /* Submitted; arrives 80 ms later, after the tick of 1.14610, and is filled there. Closed at the end at 1.14625:
     * -1.50, commissions 0.70. */
    order.action = TICKPIPE_SIM_ACTION_MARKET;
    order.type = TICKPIPE_SIM_TYPE_SELL;
    order.volume = number("0.10");
    order.take_profit.is_set = 0;
    order.client_id[0] = 0;
    MUST(broker, tickpipe_sim_order_submit(broker, MONDAY + 62999, &order, &time));
    printf("arrives %d\n", (int)(time - MONDAY));
    tick(63, 114610, 114612);
    tick(64, 114623, 114625);
    MUST(broker, tickpipe_sim_close_all(broker));
    MUST(broker, tickpipe_sim_close_market(broker));
    events();
    send_order(65, &order, "late");
    strcpy(order.client_id, "buy");
    CHECK(fails(broker, tickpipe_sim_order_send(broker, MONDAY + 65000, &order, &result), TICKPIPE_SIM_ERROR_CLIENT_ID,
        "buy"));
    MUST(broker, tickpipe_sim_now(broker, &time));
    CHECK(time == MONDAY + 65000);
}

int main(void) {
    NEW(tickpipe_sim_account, account);
    CHECK(tickpipe_sim_version() == TICKPIPE_SIM_VERSION);
    open_wrong();
    use_wrong();
    decimals();
    broker = open_broker("balance=10000,leverage=100,mode=hedging", "EURUSD:commission=3.5", "80");
    begin();
    buy_and_stop();
    wait_and_end();
    print_books();
    /* 10000.00 - 0.35 + 2.20 - 0.14 - 3.30 - 0.21 + 40.40 - 1.40 - 1.50 - 0.70 */
    MUST(broker, tickpipe_sim_account_info(broker, &account));
    CHECK(strcmp(shown(account.balance), "10035.00") == 0);
    CHECK(strcmp(shown(account.equity), "10035.00") == 0);
    MUST(broker, tickpipe_sim_free(broker));
    return 0;
}

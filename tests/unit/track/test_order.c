/* Orders by the sum rule, hand-worked. */
#include <criterion/criterion.h>
#include "track/order.h"

/* One at 40 %, one at 30 %: together more than a half, so they cannot be brothers, and the larger is above. */
Test(order, two_large_clones_are_nested)
{
    const cw_order_count count[2] = {{8000, 20000}, {6000, 20000}};
    int parent[2];
    cr_assert_eq(cw_order(count, 2, 1, parent), 1);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], 0);
}

/* Small ones can be brothers or nested: three trees would do, of which the sum rule leaves two. */
Test(order, small_clones_are_not_resolvable)
{
    const cw_order_count count[2] = {{200, 20000}, {20, 20000}};
    int parent[2];
    cr_assert_eq(cw_order(count, 2, 1, parent), 2);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], CW_ORDER_OPEN);
}

/* They cross: neither can be above the other in both draws. */
Test(order, crossing_clones_are_brothers)
{
    const cw_order_count count[4] = {{200, 20000}, {20, 20000}, {20, 20000}, {200, 20000}};
    int parent[2];
    cr_assert_eq(cw_order(count, 2, 2, parent), 1);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], CW_ORDER_ROOT);
}

Test(order, too_many_clones_stay_open)
{
    const cw_order_count count[7] = {{1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}};
    int parent[7];
    cr_assert_eq(cw_order(count, 7, 1, parent), 0);
    for (int i = 0; i < 7; i++) cr_assert_eq(parent[i], CW_ORDER_OPEN);
}

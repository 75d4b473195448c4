/* Orders by the sum rule, hand-worked. */
#include <criterion/criterion.h>
#include "track/order.h"

/* One at 40 %, one at 30 %: together more than a half, so they cannot be brothers, and the larger is above. */
Test(order, two_large_clones_are_nested)
{
    const cw_order_count count[2] = {{8000, 20000}, {6000, 20000}};
    int parent[2];
    cr_assert_eq(cw_order(count, 2, 1, NULL, parent), 1);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], 0);
}

/* Small ones can be brothers or nested: three trees would do, of which the sum rule leaves two. */
Test(order, small_clones_are_not_resolvable)
{
    const cw_order_count count[2] = {{200, 20000}, {20, 20000}};
    int parent[2];
    cr_assert_eq(cw_order(count, 2, 1, NULL, parent), 2);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], CW_ORDER_OPEN);
}

/* They cross: neither can be above the other in both draws. */
Test(order, crossing_clones_are_brothers)
{
    const cw_order_count count[4] = {{200, 20000}, {20, 20000}, {20, 20000}, {200, 20000}};
    int parent[2];
    cr_assert_eq(cw_order(count, 2, 2, NULL, parent), 1);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], CW_ORDER_ROOT);
}

Test(order, too_many_clones_stay_open)
{
    const cw_order_count count[7] = {{1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}, {1, 2000}};
    int parent[7];
    cr_assert_eq(cw_order(count, 7, 1, NULL, parent), 0);
    for (int i = 0; i < 7; i++) cr_assert_eq(parent[i], CW_ORDER_OPEN);
}

/* 43 molecules carry both, 18 only the first, none only the second: the second arose on molecules of the first. By the sum rule alone it could
 * stand beside it. Seen the other way round, nothing is inside. */
Test(order, molecules_tell_the_nesting)
{
    const cw_order_count count[2] = {{61, 20000}, {43, 20000}};
    const cw_molecule_pair first = {43, 18}, second = {43, 0};
    cr_assert(cw_order_inside(&second, &first));
    cr_assert_not(cw_order_inside(&first, &second));
    const bool inside[4] = {false, false, true, false};
    int parent[2];
    cr_assert_gt(cw_order(count, 2, 1, NULL, parent), 1);
    cr_assert_eq(parent[1], CW_ORDER_OPEN);
    cr_assert_eq(cw_order(count, 2, 1, inside, parent), 1);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], 0);
}

/* Never alone, either of them: one clone or two, the molecules do not say which was first. Apart: nothing is nested. One molecule of both may be an error. */
Test(order, molecules_that_tell_no_nesting)
{
    const cw_molecule_pair always = {40, 0}, apart = {0, 30}, once = {1, 20}, none = {1, 0}, mixed = {20, 20};
    cr_assert_not(cw_order_inside(&always, &always));
    cr_assert_not(cw_order_inside(&apart, &apart));
    cr_assert_not(cw_order_inside(&none, &once));
    cr_assert_not(cw_order_inside(&mixed, &mixed));
}

/* Three clones: which of the first two is older stays open, that the third lies within the second does not. */
Test(order, part_of_the_order)
{
    const cw_order_count count[3] = {{2000, 20000}, {400, 20000}, {100, 20000}};
    bool inside[9] = {false};
    int parent[3];
    inside[2 * 3 + 1] = true;
    cw_order(count, 3, 1, inside, parent);
    cr_assert_eq(parent[0], CW_ORDER_ROOT);
    cr_assert_eq(parent[1], CW_ORDER_OPEN);
    cr_assert_eq(parent[2], 1);
}

/* A tail that lies below the smallest normal number ends: there, terms stop shrinking and a sum would go on for ever. */
#include <criterion/criterion.h>
#include "stats/negative_binomial.h"

Test(negative_binomial, a_vanishing_tail_ends, .timeout = 20)
{
    for (int64_t k = 1000; k < 20000000; k *= 3) {
        double p = cw_nb_upper(k, 300, 2.04);
        cr_assert(p >= 0 && p <= 1);
        if (k > 200000) cr_assert_lt(p, 1e-290);
    }
}

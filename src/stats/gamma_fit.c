/* SPDX-License-Identifier: MIT */
/* gamma_fit.c - empirical Bayes for background rates (as in shearwater and TNER: a class lends its sites what they lack). */
#include "stats/gamma_fit.h"

#include <math.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>

typedef struct sites { const double *k, *n; size_t count; } sites;

double cw_gamma_fit_ln_l(const double *k, const double *n, size_t count, double mu, double nu)
{
    double sum = 0, b = nu / mu, at_zero = gsl_sf_lngamma(nu);
    for (size_t i = 0; i < count; i++) {
        if (!(n[i] > 0)) continue;
        sum -= nu * log1p(n[i] / b);
        if (k[i] > 0) sum += gsl_sf_lngamma(k[i] + nu) - at_zero - k[i] * log1p(b / n[i]);
    }
    return sum;
}

static double cost(const gsl_vector *x, void *data)
{
    const sites *s = data;
    double ln_mu = gsl_vector_get(x, 0), ln_nu = gsl_vector_get(x, 1);
    if (ln_nu < -7 || ln_nu > 12 || ln_mu < -40 || ln_mu > 0) return 1e300;
    double away = ln_nu - log(1.5);
    return .5 * away * away - cw_gamma_fit_ln_l(s->k, s->n, s->count, exp(ln_mu), exp(ln_nu));
}

/* Newton's method from where the simplex ends, in ln mu and ln nu: near its top the likelihood is flat, and comparing values of it finds the place to some
 * 1e-5 only; its derivative is zero at one point. A step that leaves the range or makes the fit worse is not taken. */
static void polish(sites *s, gsl_vector *x)
{
    for (int round = 0; round < 20; round++) {
        double ln_mu = gsl_vector_get(x, 0), ln_nu = gsl_vector_get(x, 1), mu = exp(ln_mu), nu = exp(ln_nu), before = cost(x, s);
        double gu = 0, gv = -(ln_nu - log(1.5)), huu = 0, huv = 0, hvv = -1;
        for (size_t i = 0; i < s->count; i++) {
            if (!(s->n[i] > 0)) continue;
            double k = s->k[i], m = s->n[i] * mu, both = nu + m;
            double slope = (k > 0 ? gsl_sf_psi(k + nu) - gsl_sf_psi(nu) : 0) - log1p(m / nu) + (m - k) / both;
            double bend = (k > 0 ? gsl_sf_psi_1(k + nu) - gsl_sf_psi_1(nu) : 0) + m / (nu * both) - (m - k) / (both * both);
            gu += (k - m) * nu / both;
            gv += nu * slope;
            huu -= m * nu * (nu + k) / (both * both);
            huv += (k - m) * nu * m / (both * both);
            hvv += nu * slope + nu * nu * bend;
        }
        double det = huu * hvv - huv * huv, du = -(hvv * gu - huv * gv) / det, dv = -(huu * gv - huv * gu) / det;
        if (!(det > 0) || !(huu < 0) || !(fabs(du) < 1) || !(fabs(dv) < 1)) return; /* not a top: the simplex' answer stands */
        gsl_vector_set(x, 0, ln_mu + du);
        gsl_vector_set(x, 1, ln_nu + dv);
        if (cost(x, s) > before + 1e-9 * (1 + fabs(before))) {
            gsl_vector_set(x, 0, ln_mu);
            gsl_vector_set(x, 1, ln_nu);
            return;
        }
        if (fabs(du) < 1e-12 && fabs(dv) < 1e-12) return;
    }
}

int cw_gamma_fit(const double *k, const double *n, size_t count, double *mu, double *nu)
{
    double all_k = 0, all_n = 0;
    for (size_t i = 0; i < count; i++) all_k += k[i], all_n += n[i];
    if (!(all_n > 0)) return -1;
    *nu = 1.5;
    *mu = fmax(all_k, .5) / all_n;
    if (all_k < .5) return 0; /* nothing seen: half a molecule is what the limit of such data would be */
    sites s = {k, n, count};
    gsl_multimin_function f = {cost, 2, &s};
    gsl_vector *x = gsl_vector_alloc(2), *step = gsl_vector_alloc(2);
    gsl_multimin_fminimizer *m = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
    int status = x && step && m ? 0 : -1;
    if (status == 0) {
        gsl_vector_set(x, 0, log(*mu));
        gsl_vector_set(x, 1, log(*nu));
        gsl_vector_set_all(step, .5);
        gsl_multimin_fminimizer_set(m, &f, x, step);
        for (int i = 0; i < 500 && gsl_multimin_fminimizer_iterate(m) == 0; i++)
            if (gsl_multimin_test_size(gsl_multimin_fminimizer_size(m), 1e-7) == 0) break;
        gsl_vector_memcpy(x, m->x);
        polish(&s, x);
        *mu = exp(gsl_vector_get(x, 0));
        *nu = exp(gsl_vector_get(x, 1));
    }
    if (m) gsl_multimin_fminimizer_free(m);
    if (x) gsl_vector_free(x);
    if (step) gsl_vector_free(step);
    return status;
}

/* exp, tanh and erf as short polynomials without branches, so that the compiler turns
 * loops over them into SIMD. Relative error below 4e-7 (erf: absolute, below 6e-7),
 * within float32's own noise; the same bits on every machine of a CPU type. */
#ifndef ENGINE_AUTOGRAD_SIMD_MATH_H
#define ENGINE_AUTOGRAD_SIMD_MATH_H

#include <math.h>
#include <stdint.h>

/* 2^n for whole n in [-126, 127]: the bits of the exponent. */
static inline float simd_power_of_two(float n)
{
    union {
        int32_t bits;
        float value;
    } power = {.bits = ((int32_t)n + 127) * (1 << 23)};
    return power.value;
}

/* e^x = 2^n e^r with |r| <= ln(2) / 2; Taylor's series of e^r to r^7. Clamped where
 * float32 would overflow or lose its normal range; NaN stays NaN. */
static inline float simd_exp(float x)
{
    float clamped = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
    float n = rintf(clamped * 1.44269504f);
    float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f; /* ln 2 in two parts */
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r * r + r + 1.0f;
    float result = p * simd_power_of_two(n == n ? n : 0);
    return x == x ? result : x;
}

static inline float simd_sigmoid(float x)
{
    return 1.0f / (1.0f + simd_exp(-x));
}

/* Near 0 the difference in 1 - 2 / (e^2x + 1) would cancel: there Taylor's series to x^13
 * is used, far enough out that the difference keeps its digits beyond. */
static inline float simd_tanh(float x)
{
    float s = x * x;
    float p = 21844.0f / 6081075;
    p = p * s - 1382.0f / 155925;
    p = p * s + 62.0f / 2835;
    p = p * s - 17.0f / 315;
    p = p * s + 2.0f / 15;
    p = p * s - 1.0f / 3;
    float series = x + x * s * p;
    float far = 1.0f - 2.0f / (simd_exp(2.0f * x) + 1.0f);
    return s < 0.17f ? series : far;
}

/* Abramowitz and Stegun 7.1.26: absolute error below 1.5e-7, and float32's rounding. */
static inline float simd_erf(float x)
{
    float a = fabsf(x);
    float t = 1.0f / (1.0f + 0.3275911f * a);
    float p = 1.061405429f;
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    return copysignf(1.0f - p * t * simd_exp(-a * a), x);
}

/* x P(x), P the normal distribution: (1 + erf(x / sqrt 2)) / 2; and its slope
 * P(x) + x p(x), p(x) = e^(-x^2/2) / sqrt(2 pi)   (Hendrycks, Gimpel 2016) */
static inline float simd_gelu(float x)
{
    return 0.5f * x * (1 + simd_erf(x * 0.70710678f));
}

static inline float simd_gelu_slope(float x)
{
    float below = 0.5f * (1 + simd_erf(x * 0.70710678f));
    float density = 0.39894228f * simd_exp(-0.5f * x * x);
    return below + x * density;
}

#endif

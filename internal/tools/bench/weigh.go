package main

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"ostoja/internal/app/demo"
)

// weigh opens a lesson page in a real browser with an empty cache and counts requests and bytes on the wire, headers
// included.
func weigh(ctx context.Context, p *program) error {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	who := inStage(demo.UnderWay, p.learners)[concurrent]
	if err := chromedp.Do(ctx,
		chromedp.Navigate(p.base()+"/app/sign-in"), chromedp.SetValue(`[name="name"]`, demo.LearnerMail(who)), chromedp.SetValue(`[name="password"]`, demo.Password),
		chromedp.Submit(`[name="password"]`), chromedp.WaitVisible(`a[href^="/app/learn/"]`)); err != nil {
		return err
	}
	lesson, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector('a[href^="/app/learn/"]').getAttribute("href")`))
	if err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(p.base()+lesson), chromedp.Click(`a[href*="/lesson/"]`), chromedp.WaitVisible(`article.lesson`)); err != nil {
		return err
	}
	uncached := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		return err
	})
	if err := chromedp.Do(ctx, uncached, chromedp.Reload(), chromedp.WaitVisible(`article.lesson`)); err != nil {
		return err
	}
	// transferSize counts headers as 300 bytes, which is about what we send (Resource Timing, section 4.5).
	type weight struct {
		Requests int `json:"requests"`
		Bytes    int `json:"bytes"`
	}
	w, err := chromedp.Run(ctx, chromedp.Evaluate[weight](`(() => { const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]; return {requests: all.length, bytes: all.reduce((s, e) => s + e.transferSize, 0)} })()`))
	if err != nil {
		return err
	}
	report("lesson page in Chromium, first visit (Moodle 4.3: %s)", "%s", "24 requests, 1.2 MB", fmt.Sprintf("%d requests, %.1f kB", w.Requests, float64(w.Bytes)/1000))
	return nil
}
